# One image for migrate, web, worker and beat (docker-compose.yml says which). Nothing of dev/ or tests/ is in it.
FROM python:3.11-slim-bookworm AS built
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /tmp/run.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONTZPATH=
RUN useradd --system --uid 10001 --no-create-home groupsite
WORKDIR /groupsite
COPY --from=built /venv /venv
COPY Procfile process celery_worker.py ./
COPY groupsite groupsite
COPY templates templates
COPY migrations migrations
USER groupsite
EXPOSE 8000
CMD ["./process", "web"]
