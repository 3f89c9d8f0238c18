/* Forms of records, sheets, teams and appeals: show just what the activity asks for, and fill in what the course knows. */
(() => {
  const asked = { hours: ["minutes"], times: ["count", "minutes"], exam: ["score", "result"] };
  const optional = ["minutes", "count", "score", "result"];

  function start() {
    const activity = document.querySelector("[data-measures]");
    const course = document.querySelector("[data-courses]");
    if (!activity) return;
    const measures = JSON.parse(activity.dataset.measures);
    const courses = course ? JSON.parse(course.dataset.courses) : {};

    const show = () => {
      // nothing chosen, nothing asked
      const fields = asked[measures[activity.value]] || [];
      optional.forEach((name) => {
        const input = activity.form.elements[name];
        if (!input) return;
        const hidden = !fields.includes(name) && !input.value && !input.closest(".mb-3").querySelector(".invalid-feedback");
        input.closest(".mb-3").hidden = hidden;
      });
    };
    const fill = () => {
      const known = courses[course.value];
      if (!known) return;
      activity.value = String(known[0]);
      const minutes = activity.form.elements.minutes;
      if (minutes && known[1]) minutes.value = known[1];
      show();
    };
    if (course) course.addEventListener("change", fill);
    activity.addEventListener("change", show);
    if (course && course.value && !activity.value) fill();
    show();
  }
  document.addEventListener("DOMContentLoaded", start);
})();
