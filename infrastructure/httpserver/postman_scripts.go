package httpserver

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// A runner sends the whole collection in its order. So that a request is about something that is there, IDs that an answer
// shows are kept in variables, such as meetingId, which the requests behind it name; and each answer's status is held
// against the document.
type (
	postmanEvent struct {
		Listen string `json:"listen"`
		Script struct {
			Type string   `json:"type"`
			Exec []string `json:"exec"`
		} `json:"script"`
	}
)

func postmanScript(listen string, lines ...string) postmanEvent {
	e := postmanEvent{Listen: listen}
	e.Script.Type, e.Script.Exec = "text/javascript", lines
	return e
}

// preparation runs before each request: a meeting cannot be scheduled for the past.
func preparation() []string {
	return []string{`pm.variables.set("scheduledAt", new Date(Date.now() + 86400000).toISOString());`}
}

// testOf holds the status of an answer against those of the document, and keeps the ID that it shows.
func testOf(o Operation, doc *huma.Operation) []string {
	statuses := strings.Join(slices.Sorted(maps.Keys(doc.Responses)), ", ")
	lines := []string{
		fmt.Sprintf(`pm.test("answers with a documented status", () => pm.expect(pm.response.code).to.be.oneOf([%s]));`, statuses),
	}
	if name, key := keeps(o); name != "" {
		lines = append(lines,
			"if (pm.response.code < 300) {",
			"  const answer = pm.response.json();",
			"  const rows = [answer.data ?? answer].flat();",
			fmt.Sprintf(`  const found = (rows.find((row) => row.status === "COMPLETED") ?? rows[0])?.%s;`, key),
			fmt.Sprintf("  if (found) pm.collectionVariables.set(%q, found);", name),
			"}")
	}
	return lines
}

// bookedID is the variable for the meeting that the collection schedules itself, and takes away again.
const bookedID = "bookedMeetingId"

// callBatchID is the variable for the batch of calls that the collection submits; the path parameter has its name.
const callBatchID = "batchId"

// keeps tells which variable an operation's answer fills, and with which field: a list with its first row's ID, of meetings
// the first that is over; what was made with its own.
func keeps(o Operation) (variable, field string) {
	last := o.Path[strings.LastIndex(o.Path, "/")+1:]
	switch {
	case o.ID == "scheduleMeeting":
		return bookedID, "meetingId"
	case o.ID == "submitCallBatch":
		return callBatchID, "id"
	case !strings.HasSuffix(last, "s"):
		return "", ""
	case o.Method == http.MethodGet && !strings.Contains(o.Path, "{"), o.Method == http.MethodPost && o.Status == http.StatusCreated:
		return idOf(last), keyOf(last)
	default:
		return "", ""
	}
}

// keyOf is the field by which a row of a list is addressed.
func keyOf(list string) string {
	if list == "agents" {
		return "key"
	}
	return "id"
}

// idOf names the variable for an ID of a kind: sales-reps is salesRepId, batches batchId.
func idOf(plural string) string {
	singular := strings.TrimSuffix(plural, "s")
	if stem, ok := strings.CutSuffix(plural, "ches"); ok {
		singular = stem + "ch"
	}
	words := strings.Split(singular, "-")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "") + "Id"
}

// pathValue is the variable for a path parameter, named after what stands before it; others are their sample.
func pathValue(o Operation, p samplePair) string {
	before, _, _ := strings.Cut(o.Path, "/{"+p.name+"}")
	kind := before[strings.LastIndex(before, "/")+1:]
	if o.Method == http.MethodDelete && strings.HasSuffix(o.Path, "/meetings/{id}") {
		return "{{" + bookedID + "}}"
	}
	if p.name == callBatchID {
		return "{{" + callBatchID + "}}"
	}
	if p.name == "agentKey" || p.name == "position" || p.name != "id" && !strings.HasSuffix(kind, "s") { // the first agent of a list may be one that is not asked
		return p.value
	}
	return "{{" + idOf(kind) + "}}"
}

// pathVariables are the variables that a path uses, with the samples that stand in them until an answer shows an ID.
func pathVariables(o Operation, doc *huma.Operation) []postmanPair {
	var used []postmanPair
	for _, p := range doc.Parameters {
		if p.In != "path" {
			continue
		}
		value := pathValue(o, samplePair{name: p.Name, value: sampleOf(p)})
		if name, isVariable := strings.CutPrefix(value, "{{"); isVariable {
			used = append(used, postmanPair{Key: strings.TrimSuffix(name, "}}"), Value: sampleID})
		}
	}
	return used
}

// queryValue is the rep of the environment where a rep is asked for.
func queryValue(p samplePair) string {
	if p.name == "salesRepEmail" || p.name == "email" {
		return "{{salesRepEmail}}"
	}
	return p.value
}

var variableFields = regexp.MustCompile(`"(salesRepEmail|scheduledAt)": "[^"]*"`)

// withVariables puts the environment's rep and a time to come into a body.
func withVariables(body string) string {
	return variableFields.ReplaceAllString(body, `"$1": "{{$1}}"`)
}

// fills tells whether an operation fills a variable and needs none.
func fills(o Operation) bool {
	variable, _ := keeps(o)
	return variable != "" && !strings.Contains(o.Path, "{")
}

// readsFirst puts a list before what is done to its rows, and what takes something away after all else. What is alike keeps
// its order.
func readsFirst(all []Operation) []Operation {
	rank := func(o Operation) int {
		switch {
		case o.Method == http.MethodDelete:
			return 3
		case fills(o):
			return 0
		case o.Method == http.MethodGet && !strings.Contains(o.Path, "{"):
			return 1
		default:
			return 2
		}
	}
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(x, y Operation) int { return rank(x) - rank(y) })
	return sorted
}
