package tertulia

import (
	"net/http"
	"strings"
	"time"
)

// Client talks to one Tertulia server. It is safe for concurrent use.
type Client struct {
	Meetings      Meetings
	Trackers      Trackers
	SalesReps     SalesReps
	Me            Me
	Notifications Notifications
	Agents        Agents
	CalendarFeeds CalendarFeeds
	Playbooks     Playbooks
	Cron          Cron
	Jobs          Jobs
	Costs         Costs
	Hubspot       Hubspot
	BatchCalls    BatchCalls
	Campaigns     Campaigns
	DoNotCall     DoNotCall

	TranscriptCorrections TranscriptCorrections

	baseURL   string
	http      *http.Client
	header    http.Header
	salesRep  string
	retries   int
	baseDelay time.Duration
	maxDelay  time.Duration
}

// Retry defaults: two more attempts, 0.25 s doubling to 8 s.
const (
	defaultRetries   = 2
	defaultBaseDelay = 250 * time.Millisecond
	defaultMaxDelay  = 8 * time.Second
	defaultTimeout   = 60 * time.Second
)

// New makes a client of the server at baseURL, such as "https://tertulia.example.com".
func New(baseURL string, opts ...Option) *Client {
	c := &Client{
		baseURL:   strings.TrimRight(baseURL, "/"),
		http:      &http.Client{Timeout: defaultTimeout},
		header:    http.Header{"User-Agent": {"tertulia-go"}, "Accept": {"application/json"}},
		retries:   defaultRetries,
		baseDelay: defaultBaseDelay,
		maxDelay:  defaultMaxDelay,
	}
	for _, opt := range opts {
		opt(c)
	}
	c.Meetings = Meetings{c}
	c.Trackers = Trackers{c}
	c.SalesReps = SalesReps{c}
	c.Me = Me{c}
	c.Notifications = Notifications{c}
	c.Agents = Agents{c}
	c.CalendarFeeds = CalendarFeeds{c}
	c.Playbooks = Playbooks{c}
	c.Cron = Cron{c}
	c.Jobs = Jobs{c}
	c.Costs = Costs{c}
	c.Hubspot = Hubspot{c}
	c.BatchCalls = BatchCalls{c}
	c.Campaigns = Campaigns{c}
	c.DoNotCall = DoNotCall{c}
	c.TranscriptCorrections = TranscriptCorrections{c}
	return c
}

// Option changes a client when it is made.
type Option func(*Client)

// WithAPIKey calls as a service. Most operations then need WithSalesRep or AsSalesRep.
func WithAPIKey(key string) Option {
	return func(c *Client) { c.header.Set("X-API-Key", key) }
}

// WithBearer calls with a person's token, or for Cron with the cron secret.
func WithBearer(token string) Option {
	return func(c *Client) { c.header.Set("Authorization", "Bearer "+token) }
}

// WithSalesRep names the rep for whom a service calls.
func WithSalesRep(email string) Option { return func(c *Client) { c.salesRep = email } }

// WithHTTPClient uses h for every request. Its timeout bounds one attempt; the default is 60 s.
func WithHTTPClient(h *http.Client) Option { return func(c *Client) { c.http = h } }

// WithRetries sets how many times a request that may safely be repeated is repeated. The default is 2, 0 is never.
func WithRetries(n int) Option { return func(c *Client) { c.retries = max(n, 0) } }

// WithBackoff sets the first delay between attempts and the longest one. Delays double and carry jitter.
func WithBackoff(first, longest time.Duration) Option {
	return func(c *Client) { c.baseDelay, c.maxDelay = first, longest }
}

// WithUserAgent names the calling program.
func WithUserAgent(name string) Option {
	return func(c *Client) { c.header.Set("User-Agent", name) }
}

// WithLanguage asks for error sentences in a language: "es", "en" or "pt".
func WithLanguage(tag string) Option {
	return func(c *Client) { c.header.Set("Accept-Language", tag) }
}

// CallOption changes one call.
type CallOption func(*request)

// WithIdempotencyKey makes two calls with the same key one: the second answers what the first led to.
func WithIdempotencyKey(key string) CallOption {
	return func(r *request) { r.idempotencyKey = key }
}

// AsSalesRep names the rep for whom a service makes this one call, in place of the client's WithSalesRep.
func AsSalesRep(email string) CallOption { return func(r *request) { r.salesRep = email } }

// WithRequestID sends an X-Request-Id, which the server writes to its logs, jobs and errors.
func WithRequestID(id string) CallOption { return func(r *request) { r.requestID = id } }
