package embed_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
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
}

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

// credential are the headers of a caller.
func (w *world) credential(t *testing.T, as string) []string {
	t.Helper()
	switch as {
	case "", "admin":
		return []string{"Authorization", "Bearer " + w.Token(t, embedtest.AdminEmail)}
	case "rep":
		return []string{"Authorization", "Bearer " + w.Token(t, embedtest.RepEmail)}
	case "other rep":
		return []string{"Authorization", "Bearer " + w.Token(t, embedtest.OtherRepEmail)}
	case "service":
		return []string{"X-API-Key", embedtest.ServiceKey}
	case "scheduler":
		return []string{"Authorization", "Bearer " + embedtest.CronSecret}
	case "nobody":
		return nil
	case "wrong key":
		return []string{"X-API-Key", "wrong"}
	default:
		t.Fatalf("nobody is called %q", as)
		return nil
	}
}

func (w *world) try(t *testing.T, row string, r sourceRow, a try) {
	t.Helper()
	method, path, _ := strings.Cut(row, " ")
	id := a.id
	if id == "" {
		id = r.id
	}
	if strings.HasPrefix(path, "/api/meetings/:id") && strings.Contains(path, ":agentKey") {
		meeting, agent, _ := strings.Cut(id, " ")
		path = strings.NewReplacer(":id", w.fill(t, meeting), ":agentKey", w.fill(t, agent)).Replace(path)
	} else {
		path = strings.NewReplacer(":fileId", "<file>", ":id", id, ":key", id).Replace(path)
		path = w.fill(t, path)
	}
	body := w.fill(t, a.body)
	if a.query != "" {
		path += "?" + w.fill(t, a.query)
	}
	header := append(w.credential(t, a.as), a.header...)
	if a.broken != "" {
		w.Sandbox.Fault(sandboxtest.Fault{Vendor: a.broken, Status: http.StatusNotFound})
	}
	var answer embedtest.Answer
	if row == "POST /api/webhooks/recall" && a.code == "" {
		answer = w.Webhook(t, uuid.NewString(), `{"event":"bot.done","data":{}}`, w.Clock.Now(), sandboxtest.Secret)
	} else {
		answer = w.Do(t, method, path, body, header...)
	}
	require.Equal(t, a.status, answer.Status, "%s as %q with %s: %s", row, a.as, body, answer.Body)
	if a.code != "" {
		var envelope struct{ Error, Code, RequestID string }
		require.NoError(t, json.Unmarshal([]byte(answer.Body), &envelope), answer.Body)
		require.Equal(t, a.code, envelope.Code, "%s as %q: %s", row, a.as, answer.Body)
		require.NotEmpty(t, envelope.Error, row)
	}
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
func (a try) h(header ...string) try    { a.header = header; return a }
