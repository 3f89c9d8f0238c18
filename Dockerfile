# HR Suite for production: one image for web, worker, beat and migrations (docker-compose.yml).
FROM node:24-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 HRSUITE_VAR=/var/lib/hrsuite
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /var/lib/hrsuite --create-home hrsuite
COPY requirements.txt ./
RUN pip install --require-hashes -r requirements.txt
COPY . .
COPY --from=front-end /app/node_modules ./node_modules
# static files are named by their content and compressed once, at build time; the key is for this command only
RUN SECRET_KEY=build-only python manage.py messages \
    && SECRET_KEY=build-only python manage.py collectstatic --noinput --verbosity 0 \
    && mkdir -p /var/lib/hrsuite/media \
    && mkdir -m 700 /var/lib/hrsuite/backups \
    && chown -R hrsuite:hrsuite /var/lib/hrsuite
USER hrsuite
VOLUME /var/lib/hrsuite/media /var/lib/hrsuite/backups
EXPOSE 8000
CMD ["gunicorn", "hrsuite.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--max-requests", "2000", "--max-requests-jitter", "200", \
     "--access-logfile", "-"]
