package httpserver

import "context"

// Language returns the language in which the caller is answered, for handlers that render sentences of the catalogue.
func Language(ctx context.Context) string { return visitOf(ctx).lang }
