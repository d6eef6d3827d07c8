package embed_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// sourceDocument is the text that the routes come from, where it lies beside the repository.
func sourceDocument(t *testing.T) string {
	t.Helper()
	path := "../../../shared/source/sales-meetings-backend.es.md"
	if other := os.Getenv("SOURCE_DOCUMENT"); other != "" {
		path = other
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the source document is not beside the repository; SOURCE_DOCUMENT may name it")
	}
	return string(raw)
}

// A documentedCall is one curl line of the source with the answer that stands below it.
type documentedCall struct {
	method, url, body string
	header            []string
	answer            string
}

// documentedCalls reads the source's curl lines, over their continuations and the lines of their bodies.
func documentedCalls(source string) []documentedCall {
	var calls []documentedCall
	lines := strings.Split(source, "\n")
	for i := 0; i < len(lines); i++ {
		if !strings.HasPrefix(lines[i], "curl ") {
			continue
		}
		command := lines[i]
		for strings.HasSuffix(command, "\\") || strings.Count(command, "'")%2 == 1 {
			i++
			command = strings.TrimSuffix(command, "\\") + "\n" + lines[i]
		}
		call := parseCurl(command)
		for i++; i < len(lines) && goesOn(call.answer, lines[i]); i++ {
			call.answer += lines[i] + "\n"
		}
		i--
		calls = append(calls, call)
	}
	return calls
}

// goesOn tells whether a line goes on with an answer: until its braces are closed, or while frames come.
func goesOn(soFar, line string) bool {
	if soFar == "" || strings.HasPrefix(soFar, "data:") {
		return strings.HasPrefix(line, "{") || strings.HasPrefix(line, "data:")
	}
	return strings.Count(soFar, "{") > strings.Count(soFar, "}")
}

var curlWords = regexp.MustCompile(`'[^']*'|"[^"]*"|[^\s'"]+`)

// parseCurl takes a command apart. The stray backslash that the source has before some -H is passed over.
func parseCurl(command string) documentedCall {
	call := documentedCall{method: http.MethodGet}
	option := ""
	for _, word := range curlWords.FindAllString(command, -1) {
		word = strings.Trim(word, `'"`)
		switch {
		case word == "curl" || word == `\` || word == "-N":
		case strings.HasPrefix(word, "-"):
			option = word
			continue
		case option == "-X":
			call.method = word
		case option == "-H":
			name, value, _ := strings.Cut(word, ": ")
			call.header = append(call.header, name, value)
		case option == "-d":
			call.body = word
		default:
			call.url = word
		}
		option = ""
	}
	return call
}

var placeholders = regexp.MustCompile(`,?\s*\.\.\.\s*(\n|[}\]])`)

// documentedValue reads an answer as the source writes it: what it leaves out with dots may be anything.
func documentedValue(t *testing.T, text string) any {
	text = strings.NewReplacer("{...}", "{}", "[...]", "[]").Replace(text)
	text = placeholders.ReplaceAllString(text, "$1")
	var value any
	require.NoError(t, json.Unmarshal([]byte(text), &value), text)
	return value
}

// requireShape holds an answer against a documented one: its keys are there, of its types. A documented "uuid|null" may be
// either; a documented null says nothing of the type; a list is held by its first element.
func requireShape(t *testing.T, where string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		require.True(t, ok, "%s is an object, not %v", where, got)
		for key, value := range want {
			require.Contains(t, object, key, where)
			requireShape(t, where+"."+key, value, object[key])
		}
	case []any:
		list, ok := got.([]any)
		require.True(t, ok, "%s is a list, not %v", where, got)
		if len(want) > 0 {
			require.NotEmpty(t, list, where)
			requireShape(t, where+"[0]", want[0], list[0])
		}
	case nil:
	case string:
		if !strings.HasSuffix(want, "|null") || got != nil {
			require.IsType(t, want, got, where)
		}
	default:
		require.IsType(t, want, got, where)
	}
}

func TestTheSourcesOwnCurlLinesAnswerTheShapesBesideThem(t *testing.T) {
	t.Parallel()
	source := sourceDocument(t)
	s := embedtest.New(t)
	completed := s.Scheduled(t, embedtest.Talk(), func(r *tertulia.ScheduleRequest) {
		value := 50000.0
		r.CustomerInfo.Company, r.CustomerInfo.DealValue, r.CustomerInfo.DealCurrency = "Acme S.A.", &value, "MXN"
	})
	s.Settled(t, completed)
	rep, err := s.Rep.Me.Get(t.Context())
	require.NoError(t, err)
	rows := sourceRows(source)
	require.Len(t, rows, 64)
	calls := documentedCalls(source)
	require.Len(t, calls, 10)
	tomorrow := s.Clock.Now().Add(24 * time.Hour).In(time.FixedZone("", -6*3600)).Format(time.RFC3339)
	for _, call := range calls {
		id := completed
		if call.method == http.MethodDelete {
			id = s.Scheduled(t, embedtest.Talk(), later(s, time.Hour))
		}
		fill := strings.NewReplacer(
			"https://meet.cibi.clickbalance.net", s.URL, "$SERVICE_API_KEY", embedtest.ServiceKey, "$CRON_SECRET", embedtest.CronSecret,
			"8c1b6e2f-...", id, "<id>", id, "<rep-id>", rep.ID, "2026-05-15T15:00:00-06:00", tomorrow,
			"desarrollo03@clickbalance.com", embedtest.AdminEmail, // who sees what the examples show
		)
		name := call.method + " " + strings.TrimPrefix(call.url, "https://meet.cibi.clickbalance.net")
		if !isCallServed(s, call.method, fill.Replace(call.url)) {
			t.Logf("%s is not served yet", name)
			continue
		}
		header := make([]string, len(call.header))
		for i, h := range call.header {
			header[i] = fill.Replace(h)
		}
		answer := s.Do(t, call.method, fill.Replace(call.url), fill.Replace(call.body), header...)
		require.Less(t, answer.Status, 300, "%s: %s", name, answer.Body)
		if strings.HasPrefix(call.answer, "data:") {
			requireFrames(t, answer.Body)
			continue
		}
		var got any
		require.NoError(t, json.Unmarshal([]byte(answer.Body), &got), name)
		requireShape(t, name, documentedValue(t, call.answer), got)
	}
}

// requireFrames holds a chat's stream against the source: deltas, then one frame that names the message.
func requireFrames(t *testing.T, stream string) {
	t.Helper()
	var frames []map[string]any
	for line := range strings.Lines(stream) {
		if data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: "); ok {
			var frame map[string]any
			require.NoError(t, json.Unmarshal([]byte(data), &frame), data)
			frames = append(frames, frame)
		}
	}
	require.Greater(t, len(frames), 1, stream)
	for _, frame := range frames[:len(frames)-1] {
		require.IsType(t, "", frame["delta"], stream)
	}
	last := frames[len(frames)-1]
	require.Equal(t, true, last["done"], stream)
	require.IsType(t, "", last["message_id"], stream)
}

// isCallServed tells whether a route exists.
func isCallServed(s *embedtest.System, method, address string) bool {
	path, _, _ := strings.Cut(strings.TrimPrefix(address, s.URL), "?")
	for _, op := range s.App.API().Operations() {
		if op.Method == method && routePattern(op.Path).MatchString(path) {
			return true
		}
	}
	return false
}

// routePattern matches the paths of a route. A parameter matches no word that another route has in its place only if that
// one is asked for first, which is enough to know that something answers.
func routePattern(path string) *regexp.Regexp {
	return regexp.MustCompile("^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(path), `[^/]+`) + "$")
}

var tableRow = regexp.MustCompile(`(?m)^\| (GET|POST|PUT|PATCH|DELETE) \| (\S+) \|`)

// sourceRows are the routes of the source's tables, as "METHOD /path/:param".
func sourceRows(source string) []string {
	var rows []string
	for _, m := range tableRow.FindAllStringSubmatch(source, -1) {
		rows = append(rows, fmt.Sprintf("%s %s", m[1], m[2]))
	}
	return rows
}

// A documentedError is a line of the tables of errors that stand below some of the source's calls.
type documentedError struct {
	row    string // as in sourceRows
	status int
	code   string
}

var (
	sectionPath = regexp.MustCompile(`^/api/\S+$`)
	errorRow    = regexp.MustCompile(`^\| (\d{3}) \| (\w+) \|`)
)

// sourceErrors are the errors that the source lists, each with the route of the section that it stands in: its path opens
// the section, and its method is the curl line's.
func sourceErrors(source string) []documentedError {
	var list []documentedError
	var path, method string
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		switch row := errorRow.FindStringSubmatch(line); {
		case sectionPath.MatchString(line):
			path = line
		case strings.HasPrefix(line, "curl "):
			method = parseCurl(line).method
		case row != nil:
			status, _ := strconv.Atoi(row[1]) // three digits
			list = append(list, documentedError{row: method + " " + path, status: status, code: row[2]})
		}
	}
	return list
}
