# skyforge on a GPU host: docker run --gpus all skyforge render --out /runs/demo
FROM nvidia/cuda:13.0.1-devel-ubuntu24.04 AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --no-install-recommends --yes g++ python3-dev python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
RUN python3 -m venv /opt/build && /opt/build/bin/pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM nvidia/cuda:13.0.1-runtime-ubuntu24.04
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --no-install-recommends --yes python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && python3 -m venv /opt/skyforge \
    && useradd --create-home --uid 10001 skyforge
COPY --from=build /wheels /wheels
RUN wheel="$(ls /wheels/skyforge_sim-*.whl)" && /opt/skyforge/bin/pip install --no-cache-dir "${wheel}[gpu]"
ENV PATH="/opt/skyforge/bin:${PATH}"
USER 10001
WORKDIR /home/skyforge
ENTRYPOINT ["skyforge"]
CMD ["doctor"]
