package embed_test

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// A try calls one row of the source once. Names in braces, in path and body, are things of the world.
type try struct {
	as     string // admin, rep, other rep, service, service for nobody, scheduler, nobody; "" is admin
	query  string
	body   string
	header []string
	id     string // what stands for :id, and for :key and :agentKey; "" is the row's own
	status int
	code   string // of the error
	broken string // a vendor that fails meanwhile

	unspeakable bool // the SDK's types cannot say it
}

// recallRow is Recall's to call.
const recallRow = "POST /api/webhooks/recall"

// A sourceRow is a row of the source's tables, with what it must answer.
type sourceRow struct {
	id    string // what stands for :id, :key or :fileId unless a try says otherwise
	tries []try
}

// A world holds one of everything that rows are about, made when it is first asked for.
type world struct {
	*embedtest.System

	things map[string]string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{System: embedtest.New(t), things: map[string]string{}}
	w.things["completed"] = w.Scheduled(t, embedtest.Talk())
	w.Settled(t, w.things["completed"])
	w.things["none"] = uuid.NewString()
	me, err := w.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	w.things["rep"] = me.ID
	w.things["soon"] = w.Clock.Now().Add(24 * time.Hour).Format(time.RFC3339)
	return w
}

// thing returns what a name in braces stands for.
func (w *world) thing(t *testing.T, name string) string {
	t.Helper()
	if value, ok := w.things[name]; ok {
		return value
	}
	switch name {
	case "booked": // each time another one
		return w.Scheduled(t, embedtest.Talk(), later(w.System, 48*time.Hour))
	case "general":
		booked, err := w.Rep.Meetings.InviteBot(t.Context(), tertulia.InviteBotRequest{MeetingURL: embedtest.MeetURL, ScheduledAt: w.things["soon"]})
		require.NoError(t, err)
		w.things[name] = booked.MeetingID
	case "notification":
		list, err := w.Rep.Notifications.List(t.Context())
		require.NoError(t, err)
		require.NotEmpty(t, list.Data)
		w.things[name] = list.Data[0].ID
	case "correction":
		w.things[name] = w.made(t, "POST", "/api/transcript-corrections", fmt.Sprintf(`{"wrong":"tertulla %s","right":"Tertulia"}`, uuid.NewString()[:8]), "id")
		return w.take(name) // each time another one
	case "agent":
		w.things[name] = w.made(t, "POST", "/api/admin/agents", `{"display_name":"Seguimiento de prueba","instructions":"Responde en una frase."}`, "key")
	case "dislike": // the administrator's, with a correction that waits
		vote := w.fill(t, `{"source":"analysis","source_ref":"<completed>","vote":"dislike","correction":"Nadie lo prometió."}`)
		w.things[name] = w.made(t, "POST", w.fill(t, "/api/meetings/<completed>/agent-feedback"), vote, "id")
	case "reviewed": // the meeting, once that correction is looked at
		w.made(t, "PUT", w.fill(t, "/api/admin/corrections/<dislike>"), `{"status":"rejected","reason":"no aplica"}`, "id")
		w.things[name] = w.things["completed"]
	case "file":
		answer := w.Do(t, "POST", "/api/admin/agents/"+w.thing(t, "agent")+"/files", "una nota", "X-Filename", "nota.txt", "Content-Type", "text/plain",
			"Authorization", "Bearer "+w.Token(t, embedtest.AdminEmail))
		w.things[name] = fieldOf(t, answer.Body, "id")
	default:
		t.Fatalf("the world has no %q", name)
	}
	return w.things[name]
}

func (w *world) take(name string) string {
	value := w.things[name]
	delete(w.things, name)
	return value
}

// made calls a route as the administrator and returns a field of the answer.
func (w *world) made(t *testing.T, method, path, body, name string) string {
	t.Helper()
	answer := w.Do(t, method, path, body, "Authorization", "Bearer "+w.Token(t, embedtest.AdminEmail))
	require.Less(t, answer.Status, 300, answer.Body)
	return fieldOf(t, answer.Body, name)
}

func fieldOf(t *testing.T, body, name string) string {
	t.Helper()
	var answer map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &answer), body)
	value, _ := answer[name].(string)
	require.NotEmpty(t, value, body)
	return value
}

var thingNames = regexp.MustCompile(`<(\w+)>`)

func (w *world) fill(t *testing.T, text string) string {
	return thingNames.ReplaceAllStringFunc(text, func(name string) string { return w.thing(t, strings.Trim(name, "<>")) })
}

// credential are the options of a caller's client.
func (w *world) credential(t *testing.T, as string) []tertulia.Option {
	t.Helper()
	switch as {
	case "", "admin":
		return []tertulia.Option{tertulia.WithBearer(w.Token(t, embedtest.AdminEmail))}
	case "rep":
		return []tertulia.Option{tertulia.WithBearer(w.Token(t, embedtest.RepEmail))}
	case "other rep":
		return []tertulia.Option{tertulia.WithBearer(w.Token(t, embedtest.OtherRepEmail))}
	case "service":
		return []tertulia.Option{tertulia.WithAPIKey(embedtest.ServiceKey)}
	case "scheduler":
		return []tertulia.Option{tertulia.WithBearer(embedtest.CronSecret)}
	case "nobody":
		return nil
	case "wrong key":
		return []tertulia.Option{tertulia.WithAPIKey("wrong")}
	default:
		t.Fatalf("nobody is called %q", as)
		return nil
	}
}

// try calls the row through the SDK, and what the SDK cannot say, as it stands.
func (w *world) try(t *testing.T, row string, r sourceRow, a try) {
	t.Helper()
	if a.broken != "" {
		w.Sandbox.Fault(sandboxtest.Fault{Vendor: a.broken, Status: http.StatusNotFound})
	}
	of := w.callOf(t, row, r, a)
	if call, ok := sourceCalls()[row]; ok && !a.unspeakable {
		w.speak(t, row, a, of, call)
	} else {
		w.write(t, row, a, of)
	}
}

// callOf fills what a try says with things of the world.
func (w *world) callOf(t *testing.T, row string, r sourceRow, a try) callOf {
	t.Helper()
	named := w.fill(t, cmp.Or(a.id, r.id))
	if strings.Contains(row, ":fileId") {
		named += " " + w.thing(t, "file")
	}
	of := callOf{t: t, body: w.fill(t, a.body), header: http.Header{}}
	of.id, of.other, _ = strings.Cut(named, " ")
	var err error
	of.query, err = url.ParseQuery(w.fill(t, a.query))
	require.NoError(t, err)
	for i := 0; i+1 < len(a.header); i += 2 {
		of.header.Set(a.header[i], a.header[i+1])
	}
	return of
}

// speak has the SDK make the call. What it sends is the row, with every name and value of the try's query; what it answers
// is all that came back, and an error is the server's.
func (w *world) speak(t *testing.T, row string, a try, of callOf, call sourceCall) {
	t.Helper()
	var wire recorder
	of.Client = w.Client(append(w.credential(t, a.as), tertulia.WithHTTPClient(&http.Client{Transport: &wire}))...)
	answer, err := call(t.Context(), of)
	said := fmt.Sprintf("%s as %q with %s: %s", row, a.as, of.body, wire.answer)
	require.Equal(t, 1, wire.calls, said)
	require.Equal(t, a.status, wire.status, said)
	require.Equal(t, of.path(row), wire.method+" "+wire.url.Path)
	for name := range of.query {
		require.Equal(t, of.q(name), wire.url.Query().Get(name), said)
	}
	if a.code != "" {
		failed, ok := errors.AsType[*tertulia.APIError](err)
		require.True(t, ok, "%s: %v", said, err)
		require.Equal(t, a.status, failed.Status, said)
		require.Equal(t, a.code, failed.Code, said)
		require.NotEmpty(t, failed.RequestID, said)
		require.Equal(t, requireEnvelope(t, a, wire.answer), failed.Message)
		return
	}
	require.NoError(t, err, said)
	if _, isChat := answer.([]tertulia.ChatFrame); isChat {
		requireFrames(t, wire.answer)
		return
	}
	if answer != nil {
		again, err := json.Marshal(answer)
		require.NoError(t, err)
		require.JSONEq(t, wire.answer, string(again), "%s: the SDK loses nothing of it", row)
	}
}

// write sends the call as it stands.
func (w *world) write(t *testing.T, row string, a try, of callOf) {
	t.Helper()
	var answer embedtest.Answer
	if a.code == "" && row == recallRow {
		answer = w.Webhook(t, uuid.NewString(), `{"event":"bot.done","data":{}}`, w.Clock.Now(), sandboxtest.Secret)
	} else {
		method, path, _ := strings.Cut(of.path(row), " ")
		var credential []string
		if a.as == "" {
			credential = []string{"Authorization", "Bearer " + w.Token(t, embedtest.AdminEmail)}
		}
		answer = w.Do(t, method, path, of.body, credential...)
	}
	require.Equal(t, a.status, answer.Status, "%s with %s: %s", row, of.body, answer.Body)
	if a.code != "" {
		requireEnvelope(t, a, answer.Body)
	}
}

// path is the row's method and path with the things that its parameters stand for.
func (c callOf) path(row string) string {
	first, second := c.id, c.other
	return colon.ReplaceAllStringFunc(row, func(string) string {
		value := first
		first = second
		return value
	})
}

// requireEnvelope holds a written error against a try, and returns its sentence.
func requireEnvelope(t *testing.T, a try, raw string) string {
	t.Helper()
	var envelope struct{ Error, Code, RequestID string }
	require.NoError(t, json.Unmarshal([]byte(raw), &envelope), raw)
	require.Equal(t, a.code, envelope.Code, raw)
	require.NotEmpty(t, envelope.RequestID, raw)
	require.NotEmpty(t, envelope.Error, raw)
	return envelope.Error
}

// recorder keeps what the SDK has sent last, and the answer as it was written.
type recorder struct {
	calls  int
	method string
	url    *url.URL
	status int
	answer string
}

// RoundTrip implements http.RoundTripper.
func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.calls, r.method, r.url = r.calls+1, req.Method, req.URL
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	raw, err := io.ReadAll(res.Body)
	r.status, r.answer = res.StatusCode, string(raw)
	res.Body = io.NopCloser(strings.NewReader(r.answer))
	return res, err
}

func TestEveryRowOfTheSourceAnswersAsDocumented(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rows := sourceTable()
	require.Len(t, rows, 64)
	missing := 0
	for _, row := range slices.Sorted(maps.Keys(rows)) {
		method, path, _ := strings.Cut(row, " ")
		if !isServed(w.System, method, path) {
			missing++
			t.Logf("%s is not served yet", row)
			continue
		}
		t.Run(row, func(t *testing.T) {
			require.NotEmpty(t, rows[row].tries)
			for _, a := range rows[row].tries {
				w.try(t, row, rows[row], a)
			}
		})
	}
	require.Zero(t, missing, "rows of the source that are not served")
}

func TestTheTableHasTheSourcesRows(t *testing.T) {
	t.Parallel()
	rows := sourceRows(sourceDocument(t))
	require.ElementsMatch(t, rows, slices.Collect(maps.Keys(sourceTable())))
	require.ElementsMatch(t, rows, append(slices.Collect(maps.Keys(sourceCalls())), recallRow))
}

func TestTheTableHasTheSourcesErrors(t *testing.T) {
	t.Parallel()
	table, listed := sourceTable(), sourceErrors(sourceDocument(t))
	require.Len(t, listed, 15)
	for _, e := range listed {
		require.True(t, slices.ContainsFunc(table[e.row].tries, func(a try) bool { return a.status == e.status && a.code == e.code }),
			"%s is answered %d %s by a try", e.row, e.status, e.code)
	}
}

var colon = regexp.MustCompile(`:\w+`)

// isServed tells whether a route of the source exists, whatever its parameters are called.
func isServed(s *embedtest.System, method, path string) bool {
	for _, op := range s.App.API().Operations() {
		if op.Method == method && regexp.MustCompile(`\{\w+\}`).ReplaceAllString(op.Path, "*") == colon.ReplaceAllString(path, "*") {
			return true
		}
	}
	return false
}

// right and wrong shorten the table.
func right(as, body string) try { return try{as: as, body: body, status: http.StatusOK} }

func wrong(as, body string, status int, code string) try {
	return try{as: as, body: body, status: status, code: code}
}

func (a try) on(id string) try          { a.id = id; return a }
func (a try) with(query string) try     { a.query = query; return a }
func (a try) giving(status int) try     { a.status = status; return a }
func (a try) without(vendor string) try { a.broken = vendor; return a }
func (a try) raw() try                  { a.unspeakable = true; return a }
func (a try) h(header ...string) try    { a.header = header; return a }
