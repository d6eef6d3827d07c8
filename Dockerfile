# One image for the three binaries; the command chooses: server (default), worker, tertulia.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /out/ ./cmd/server ./cmd/worker ./cmd/tertulia \
 && mkdir /data

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/ /usr/local/bin/
# A volume that is mounted here belongs to nonroot, as this folder does.
COPY --from=build --chown=nonroot:nonroot /data /var/lib/tertulia
USER nonroot
EXPOSE 3099
CMD ["/usr/local/bin/server"]
