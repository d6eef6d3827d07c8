// Package tertulia is the Go client of Tertulia and the home of its wire types: the server encodes the very structs
// that this client decodes, so the two cannot drift. It depends on the standard library only.
//
//	client := tertulia.New("https://tertulia.example.com",
//		tertulia.WithAPIKey(os.Getenv("SERVICE_API_KEY")),
//		tertulia.WithSalesRep("ana@example.com"))
//
//	meeting, err := client.Meetings.Schedule(ctx, tertulia.ScheduleRequest{
//		CustomerInfo: tertulia.CustomerInfo{ContactName: "Pedro García"},
//	})
//
// # Errors
//
// Every answer outside 2xx is an [*APIError], reached with errors.As; [HasCode] asks for one code.
//
// # Retries
//
// A request is repeated after 429, 502, 503, 504 and a broken connection, and only when repeating it is safe: GET, PUT,
// DELETE, and any request that carries an Idempotency-Key. The calls that create something carry a fresh key unless
// [WithIdempotencyKey] gives one. Retry-After is honoured; a cancelled context ends the waiting.
//
// # Null and absent
//
// In an answer, a pointer is nil where the server says null. In a partial update, [Nullable] tells "leave it" from
// "clear it".
package tertulia
