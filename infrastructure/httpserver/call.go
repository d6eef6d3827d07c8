package httpserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tertulia-dev/tertulia/domain/fault"
)

// A sampleCall is one right way to call an operation, from which the collection and the curl lines are made.
type sampleCall struct {
	operation Operation
	doc       *huma.Operation
	path      []samplePair
	query     []samplePair
	header    []samplePair
	body      string // indented JSON; "" when there is none
	rawType   string // content type of a body that is not JSON
	text      string // such a body, where the document shows one
}

type samplePair struct {
	name, value, about string
	optional           bool // may be left out
}

// sampleCall makes the call of a documented operation.
func (a *API) sampleCall(o Operation, doc *huma.Operation) sampleCall {
	c := sampleCall{operation: o, doc: doc}
	if schema := jsonSchema(doc); schema != nil {
		body := o.Example
		if body == nil {
			body = a.sampler(false).sample("", schema, 0)
		}
		raw, _ := json.MarshalIndent(body, "", "  ")
		c.body = string(raw)
	} else if doc.RequestBody != nil {
		for contentType, media := range doc.RequestBody.Content {
			c.rawType = contentType
			c.text, _ = media.Example.(string)
		}
	}
	for _, p := range doc.Parameters {
		pair := samplePair{name: p.Name, value: sampleOf(p), about: p.Description, optional: !p.Required}
		switch p.In {
		case "path":
			pair.optional = false
			pair.value = cmp.Or(pair.value, a.exampleElsewhere(p.Name))
			c.path = append(c.path, pair)
		case "query":
			pair.optional = pair.optional && !c.wants(p.Name, pair.value)
			c.query = append(c.query, pair)
		case "header":
			c.header = append(c.header, pair)
		}
	}
	return c
}

// wants tells whether the operation would refuse the call without a query parameter that its schema leaves open: the rep,
// which the body may name as well, and what an operation that answers MISSING_PARAM has an example of.
func (c sampleCall) wants(name, value string) bool {
	if name == "salesRepEmail" {
		return c.operation.Credential == Member && c.operation.ActAs != ServiceAllowed && !strings.Contains(c.body, `"salesRepEmail"`)
	}
	return value != "" && slices.Contains(c.operation.Errors, fault.MissingParam)
}

// exampleElsewhere is the example that another operation has of a path parameter: what is registered Raw has none.
func (a *API) exampleElsewhere(name string) string {
	for _, o := range a.operations {
		doc := a.documented(o.Method, o.Path)
		if doc == nil {
			continue
		}
		for _, p := range doc.Parameters {
			if value := sampleOf(p); p.In == "path" && p.Name == name && value != "" {
				return value
			}
		}
	}
	return ""
}

func (a *API) sampler(whole bool) sampler {
	return sampler{schemas: a.huma.OpenAPI().Components.Schemas, whole: whole}
}

// jsonSchema is the schema of an operation's JSON body, nil when it has none.
func jsonSchema(doc *huma.Operation) *huma.Schema {
	if doc.RequestBody == nil || doc.RequestBody.Content["application/json"] == nil {
		return nil
	}
	return doc.RequestBody.Content["application/json"].Schema
}

// curl writes the call as a command for a shell in which the variables of its credential are exported.
func (c sampleCall) curl(base string) string {
	address, query := c.operation.Path, url.Values{}
	for _, p := range c.path {
		address = strings.ReplaceAll(address, "{"+p.name+"}", url.PathEscape(p.value))
	}
	for _, p := range c.query {
		if !p.optional {
			query.Set(p.name, p.value)
		}
	}
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	line := "curl"
	if c.doc.Responses["200"] != nil && c.doc.Responses["200"].Content["text/event-stream"] != nil {
		line += " -N"
	}
	if c.operation.Method != http.MethodGet {
		line += " -X " + c.operation.Method
	}
	lines := []string{fmt.Sprintf("%s %q", line, base+address)}
	for _, h := range c.credential() {
		lines = append(lines, "-H "+h)
	}
	for _, h := range c.header {
		if !h.optional {
			lines = append(lines, fmt.Sprintf("-H %q", h.name+": "+h.value))
		}
	}
	switch {
	case c.body != "":
		lines = append(lines, `-H "Content-Type: application/json"`, "-d '"+strings.ReplaceAll(c.body, "'", `'\''`)+"'")
	case c.rawType != "":
		lines = append(lines, fmt.Sprintf("-H %q", "Content-Type: "+c.rawType), "--data-binary @file")
	}
	return strings.Join(lines, " \\\n  ")
}

// credential are the headers that open the operation's door, quoted for a shell.
func (c sampleCall) credential() []string {
	switch c.operation.Credential {
	case Member, Optional:
		return []string{`"X-API-Key: $SERVICE_API_KEY"`}
	case SchedulerSecret:
		return []string{`"Authorization: Bearer $CRON_SECRET"`}
	case Signed:
		return []string{`"svix-id: $ID"`, `"svix-timestamp: $TIMESTAMP"`, `"svix-signature: $SIGNATURE"`}
	default:
		return nil
	}
}
