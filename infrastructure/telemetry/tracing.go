package telemetry

import (
	"context"
	"fmt"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Tracing says where traces go.
type Tracing struct {
	Endpoint string // base URL of an OTLP/HTTP collector (OTEL_EXPORTER_OTLP_ENDPOINT); empty traces nothing
	Service  string // as in "tertulia-server"
	Version  string
}

// NewTracing returns a provider that exports to the endpoint, and how to flush and stop it. Without an endpoint it is
// one that does nothing. Headers, sampling and timeouts are read from the OTEL_* variables by the library.
func NewTracing(ctx context.Context, t Tracing) (trace.TracerProvider, func(context.Context) error, error) {
	if t.Endpoint == "" {
		return noop.NewTracerProvider(), func(context.Context) error { return nil }, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(strings.TrimRight(t.Endpoint, "/")+"/v1/traces"))
	if err != nil {
		return nil, nil, fmt.Errorf("start trace exporter: %w", err)
	}
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", t.Service), attribute.String("service.version", t.Version),
		)),
	)
	return provider, provider.Shutdown, nil
}
