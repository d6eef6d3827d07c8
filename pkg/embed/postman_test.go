package embed_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// The Postman Collection Format v2.1, as a runner reads it.
type (
	postmanCollection struct {
		Item     []collectionItem
		Variable []postmanPair
	}
	collectionItem struct {
		Name    string
		Item    []collectionItem // of a folder
		Event   []struct{ Script struct{ Exec []string } }
		Request *struct {
			Method string
			Header []postmanPair
			Auth   map[string]any
			URL    struct {
				Host, Path      []string
				Query, Variable []postmanPair
			}
			Body *struct{ Raw string }
		}
	}
	postmanPair struct {
		Key, Value string
		Disabled   bool
	}
)

// A postmanRunner sends a collection's requests in their order, as Postman's own does.
type postmanRunner struct {
	variables map[string]string
	client    *http.Client
}

var (
	braces    = regexp.MustCompile(`\{\{(\w+)\}\}`)
	oneOf     = regexp.MustCompile(`oneOf\(\[([\d, ]+)\]\)`)
	keepsRow  = regexp.MustCompile(`rows\[0\]\)\?\.(\w+);`)
	keepsName = regexp.MustCompile(`collectionVariables\.set\("(\w+)"`)
)

func (r *postmanRunner) resolve(t *testing.T, text string) string {
	return braces.ReplaceAllStringFunc(text, func(name string) string {
		value, known := r.variables[name[2:len(name)-2]]
		require.True(t, known, "the variable %s", name)
		return value
	})
}

// send sends one request and returns its status.
func (r *postmanRunner) send(t *testing.T, item collectionItem) (int, string) {
	t.Helper()
	q := item.Request
	segments := make([]string, len(q.URL.Path))
	for i, segment := range q.URL.Path {
		for _, v := range q.URL.Variable {
			segment = strings.ReplaceAll(segment, ":"+v.Key, url.PathEscape(r.resolve(t, v.Value)))
		}
		segments[i] = segment
	}
	query := url.Values{}
	for _, p := range q.URL.Query {
		if !p.Disabled {
			query.Set(p.Key, r.resolve(t, p.Value))
		}
	}
	var body io.Reader
	if q.Body != nil {
		body = strings.NewReader(r.resolve(t, q.Body.Raw))
	}
	address := r.resolve(t, q.URL.Host[0]) + "/" + strings.Join(segments, "/") + "?" + query.Encode()
	request, err := http.NewRequestWithContext(t.Context(), q.Method, address, body)
	require.NoError(t, err)
	for _, h := range q.Header {
		if !h.Disabled {
			request.Header.Set(h.Key, r.resolve(t, h.Value))
		}
	}
	switch q.Auth["type"] {
	case "apikey":
		request.Header.Set("X-API-Key", r.variables["serviceApiKey"])
	case "bearer":
		request.Header.Set("Authorization", "Bearer "+r.variables["cronSecret"])
	}
	answer, err := r.client.Do(request)
	require.NoError(t, err, item.Name)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	r.keep(item, answer.StatusCode, text)
	return answer.StatusCode, string(text)
}

// keep does what the request's script does with an answer.
func (r *postmanRunner) keep(item collectionItem, status int, body []byte) {
	script := item.script()
	name, field := keepsName.FindStringSubmatch(script), keepsRow.FindStringSubmatch(script)
	var answer map[string]any
	if name == nil || field == nil || status >= 300 || json.Unmarshal(body, &answer) != nil {
		return
	}
	chosen := answer
	if one, ok := answer["data"].(map[string]any); ok {
		chosen = one
	}
	if rows, ok := answer["data"].([]any); ok {
		chosen = nil
		for _, row := range rows {
			row, _ := row.(map[string]any)
			if chosen == nil || chosen["status"] != "COMPLETED" && row["status"] == "COMPLETED" {
				chosen = row
			}
		}
	}
	if id, _ := chosen[field[1]].(string); id != "" {
		r.variables[name[1]] = id
	}
}

func (i collectionItem) script() string {
	var lines []string
	for _, e := range i.Event {
		lines = append(lines, e.Script.Exec...)
	}
	return strings.Join(lines, "\n")
}

// expected are the statuses that the request's script takes.
func (i collectionItem) expected(t *testing.T) []int {
	match := oneOf.FindStringSubmatch(i.script())
	require.NotNil(t, match, "%s tests its status", i.Name)
	var statuses []int
	for number := range strings.SplitSeq(match[1], ", ") {
		status, err := strconv.Atoi(number)
		require.NoError(t, err)
		statuses = append(statuses, status)
	}
	return statuses
}

func TestThePostmanCollectionRunsGreenFromTheFirstRequestToTheLast(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	var c postmanCollection
	require.NoError(t, json.Unmarshal([]byte(s.Do(t, http.MethodGet, "/postman/collection.json", "").Body), &c))
	r := &postmanRunner{client: &http.Client{Timeout: 30 * time.Second}, variables: map[string]string{}}
	for _, v := range c.Variable {
		r.variables[v.Key] = v.Value
	}
	maps.Copy(r.variables, map[string]string{
		"baseUrl": s.URL, "serviceApiKey": embedtest.ServiceKey, "authToken": s.Token(t, embedtest.AdminEmail),
		"cronSecret": embedtest.CronSecret, "salesRepEmail": embedtest.AdminEmail,
		"scheduledAt": s.Clock.Now().Add(24 * time.Hour).Format(time.RFC3339),
	})
	sent := 0
	for _, folder := range c.Item {
		for _, item := range folder.Item {
			sent++
			status, body := r.send(t, item)
			require.Contains(t, item.expected(t), status, "%s %s: %s", item.Name, item.Request.Method, body)
			if !refuses(item) {
				require.True(t, status < 300 || status == http.StatusConflict, "%s is a right request, and is answered %d: %s", item.Name, status, body)
			}
		}
	}
	require.Len(t, s.App.API().Operations(), sent)
}

// refuses names what cannot be right in a collection: a signature over a body, a file of one's own and what becomes of it,
// a vote on an answer that only the voter knows, and the review of one.
func refuses(item collectionItem) bool {
	request := item.Request.Method + " /" + strings.Join(item.Request.URL.Path, "/")
	for _, cannot := range []string{
		"POST /api/webhooks/recall", "POST /api/webhooks/elevenlabs", "POST /api/admin/agents/:key/files", "DELETE /api/admin/agents/:key/files/:fileId",
		"POST /api/meetings/:id/agent-feedback", "PUT /api/admin/corrections/:id",
	} {
		if request == cannot {
			return true
		}
	}
	return false
}
