# provision as an image: one static binary, no shell, no root, nothing written but what is mounted.
#
#   docker build -t provision --build-arg VERSION=$(git describe --tags --always) .
#   docker run --read-only --tmpfs /tmp -v provision:/var/lib/provision -v "$PWD/sheets:/sheets:ro" \
#     -e RC_APP_CLIENT_ID -e RC_APP_CLIENT_SECRET -e RC_USER_JWT provision plan /sheets/onboarding.xlsx
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=devel
ARG COMMIT=
ARG DATE=
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false \
      -ldflags "-s -w -buildid= -X main.version=${VERSION} -X main.commit=${COMMIT} -X main.date=${DATE}" \
      -o /out/provision ./cmd/provision \
 && mkdir -p /out/var/lib/provision

# static: root certificates, time zones and a user 65532; no shell, no package manager
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/provision /usr/bin/provision
COPY --from=build --chown=nonroot:nonroot /out/var/lib/provision /var/lib/provision
USER nonroot:nonroot
WORKDIR /var/lib/provision
# Locks, the windows of the rate limits and the runs must outlive the container: keep this folder on a volume.
ENV PROVISION_STATE_DIR=/var/lib/provision/state PROVISION_RUNS_DIR=/var/lib/provision/runs
VOLUME ["/var/lib/provision"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/bin/provision"]
CMD ["--help"]
