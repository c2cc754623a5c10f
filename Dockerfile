FROM python:3.11-slim

LABEL org.opencontainers.image.title="Playhead" \
      org.opencontainers.image.description="A self-hosted emulator of three vendors' video-statistics APIs over one synthetic world" \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.vendor="Playhead contributors"

# PLAYHEAD_CONTROL_HOSTS: by these names, those of docker-compose.yml, other containers may ask /_emulator, beside the loopback's. A service
# that you call otherwise: -e PLAYHEAD_CONTROL_HOSTS=its-name (several with commas, * for any).
ENV PYTHONUNBUFFERED=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PLAYHEAD_HOST=0.0.0.0 \
    PLAYHEAD_CONTROL_HOSTS=playhead,playhead-postgres \
    PLAYHEAD_CACHE=/var/cache/playhead

WORKDIR /opt/playhead
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY app ./app
COPY fixtures ./fixtures
COPY openapi ./openapi
RUN pip install --no-cache-dir -c constraints.txt '.[postgres,metrics]' \
 && install -d -o 10001 -g 10001 /data /var/cache/playhead

# A number, not a name: an orchestrator can see that it is not root.
USER 10001:10001

# The demo world is made here, once; a container copies it at start.
RUN playhead seed

# From here on the store is the volume, so that accounts outlive the container.
ENV PLAYHEAD_STORE=sqlite:////data/playhead.db
WORKDIR /data
VOLUME /data

EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["playhead", "healthcheck"]
CMD ["playhead", "serve"]
