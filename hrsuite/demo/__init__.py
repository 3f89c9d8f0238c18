"""The case company: 500 invented people, their old spreadsheets, and the way they become a running suite."""
