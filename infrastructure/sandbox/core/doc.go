// Package core is what every vendor double of the sandbox stands on.
//
// # Writing a vendor double
//
// A double implements [Vendor] and is mounted under /<name>; its handler sees the vendor's own paths, without the
// prefix. It takes its clock, logger and public address from [Env]:
//
//	func New(env core.Env) *Double
//
//	func (d *Double) Name() string                                     { return "openai" }
//	func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) { d.mux.ServeHTTP(w, r) }
//	func (d *Double) Reset()                                           { … } // forget everything, be as new
//
// Optional: [Controlled] adds control routes below /_control/<name>/ (the handler sees the rest of the path);
// io.Closer stops goroutines when the server closes.
//
// # What the server does around a double
//
// [NewServer] mounts doubles. Each request to one is written into the [Ledger] (whatever becomes of it), then meets the
// [Faults] rules, then reaches the double. So a double knows nothing of ledgers and faults.
//
// # What a double may use
//
//   - [Clock]: env.Clock.Now() is the sandbox's time (UTC), env.Clock.Wait sleeps in it, and /_control/clock moves it.
//   - [GoodKey], [BearerToken]: which credentials are good.
//   - [Window]: a sliding rate limit in the clock's time.
//   - [Env.URL]: the absolute address of a path of a double, for links inside answers.
//   - [WriteJSON], [DecodeControl], [FieldError]: JSON answers and control bodies whose errors name the field.
//
// # Control API of the server
//
//	POST   /_control/faults {vendor, method?, path?, times?, status?, body?, headers?, delayMs?, drop?, reset?}
//	GET    /_control/faults, DELETE /_control/faults[?vendor=]
//	GET    /_control/ledger[?vendor=]  → {requests:[{vendor, at, method, path, query, headers, body, status}]}
//	POST   /_control/clock {advance}   → {now}; a Go duration ("90s", "2h") or a number of seconds
//	POST   /_control/reset             → everything as new: doubles, ledger, faults, clock
package core
