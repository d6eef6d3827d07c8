package queue

import (
	"context"

	"go.opentelemetry.io/otel/propagation"
)

type requestIDKey struct{}

// WithRequestID names the request that ctx serves, so that the jobs and events it leads to carry the name on.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the name of the request that ctx serves, or that enqueued the job ctx runs in; "" without one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// traceparent is the header of W3C Trace Context for the span of ctx, "" without one.
func traceparent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier["traceparent"]
}

// withOrigin continues the request and the trace that led to a job or an event.
func withOrigin(ctx context.Context, requestID, parent string) context.Context {
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	return WithRequestID(ctx, requestID)
}
