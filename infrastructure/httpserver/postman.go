package httpserver

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// The Postman Collection Format v2.1.0 (schema.getpostman.com), as far as it is used here.
type (
	postmanCollection struct {
		Info struct {
			Name        string `json:"name"`
			Description string `json:"description,omitempty"`
			Schema      string `json:"schema"`
		} `json:"info"`
		Event    []postmanEvent  `json:"event"`
		Item     []postmanFolder `json:"item"`
		Variable []postmanPair   `json:"variable"` // what the environment need not know; it may, and then wins
	}
	postmanFolder struct {
		Name string        `json:"name"`
		Item []postmanItem `json:"item"`
	}
	postmanItem struct {
		Name    string         `json:"name"`
		Event   []postmanEvent `json:"event,omitempty"`
		Request postmanRequest `json:"request"`
	}
	postmanRequest struct {
		Method      string         `json:"method"`
		Header      []postmanPair  `json:"header"`
		Auth        map[string]any `json:"auth"`
		URL         postmanURL     `json:"url"`
		Body        *postmanBody   `json:"body,omitempty"`
		Description string         `json:"description,omitempty"`
	}
	postmanURL struct {
		Raw      string        `json:"raw"`
		Host     []string      `json:"host"`
		Path     []string      `json:"path"`
		Query    []postmanPair `json:"query,omitempty"`
		Variable []postmanPair `json:"variable,omitempty"`
	}
	postmanPair struct {
		Key         string `json:"key"`
		Value       string `json:"value"`
		Type        string `json:"type,omitempty"`
		Description string `json:"description,omitempty"`
		Disabled    bool   `json:"disabled,omitempty"`
	}
	postmanBody struct {
		Mode    string         `json:"mode"`
		Raw     string         `json:"raw"`
		Options map[string]any `json:"options"`
	}
)

// PostmanCollection returns every documented operation as a Postman collection, in a folder a tag.
func (a *API) PostmanCollection() []byte {
	var out postmanCollection
	out.Info.Name, out.Info.Schema = a.opts.Title, "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
	out.Variable = []postmanPair{{Key: "salesRepEmail", Value: sampleMail, Description: "The rep that the service key acts for"}}
	out.Event = []postmanEvent{postmanScript("prerequest", preparation()...)}
	for _, o := range readsFirst(a.operations) {
		doc := a.documented(o.Method, o.Path)
		if doc == nil {
			continue
		}
		for _, v := range pathVariables(o, doc) {
			if !slices.Contains(out.Variable, v) {
				out.Variable = append(out.Variable, v)
			}
		}
		tag := cmp.Or(o.Tag, "other")
		i := slices.IndexFunc(out.Item, func(f postmanFolder) bool { return f.Name == tag })
		if i < 0 {
			i, out.Item = len(out.Item), append(out.Item, postmanFolder{Name: tag})
		}
		out.Item[i].Item = append(out.Item[i].Item, postmanItem{
			Name: cmp.Or(o.Summary, o.ID), Request: a.postmanRequest(o, doc),
			Event: []postmanEvent{postmanScript("test", testOf(o, doc)...)},
		})
	}
	return mustJSON(out)
}

// PostmanEnvironment returns the variables that the collection uses.
func (a *API) PostmanEnvironment() []byte {
	base := ""
	if len(a.opts.Servers) > 0 {
		base = a.opts.Servers[0]
	}
	value := func(key, value, kind string) map[string]any {
		return map[string]any{"key": key, "value": value, "type": kind, "enabled": true}
	}
	return mustJSON(map[string]any{
		"name": a.opts.Title,
		"values": []map[string]any{
			value("baseUrl", base, "default"), value("serviceApiKey", "", "secret"),
			value("authToken", "", "secret"), value("cronSecret", "", "secret"),
		},
		"_postman_variable_scope": "environment",
	})
}

func (a *API) postmanRequest(o Operation, doc *huma.Operation) postmanRequest {
	call := a.sampleCall(o, doc)
	r := postmanRequest{Method: o.Method, Header: []postmanPair{}, Description: doc.Description}
	r.URL.Host = []string{"{{baseUrl}}"}
	r.URL.Path = strings.Split(strings.TrimPrefix(echoPath(o.Path), "/"), "/")
	r.URL.Raw = "{{baseUrl}}" + echoPath(o.Path)
	for _, p := range call.path {
		r.URL.Variable = append(r.URL.Variable, postmanPair{Key: p.name, Value: pathValue(o, p), Description: p.about})
	}
	for _, p := range call.query {
		r.URL.Query = append(r.URL.Query, postmanPair{Key: p.name, Value: queryValue(p), Description: p.about, Disabled: p.optional})
	}
	for _, p := range call.header {
		r.Header = append(r.Header, postmanPair{Key: p.name, Value: p.value, Description: p.about, Disabled: p.optional})
	}
	switch o.Credential {
	case Member, Optional:
		r.Auth = postmanAuth("apikey", "key", "X-API-Key", "value", "{{serviceApiKey}}", "in", "header")
		r.Header = append(r.Header, postmanPair{
			Key: "Authorization", Value: "Bearer {{authToken}}", Description: "Instead of X-API-Key", Disabled: true,
		})
	case SchedulerSecret:
		r.Auth = postmanAuth("bearer", "token", "{{cronSecret}}")
	default:
		r.Auth = postmanAuth("noauth")
	}
	switch {
	case call.body != "":
		r.Body = rawBody(withVariables(call.body), "json")
		r.Header = append(r.Header, postmanPair{Key: "Content-Type", Value: "application/json"})
	case call.text != "":
		r.Body = rawBody(call.text, "text")
		r.Header = append(r.Header, postmanPair{Key: "Content-Type", Value: call.rawType})
	}
	return r
}

func rawBody(text, language string) *postmanBody {
	return &postmanBody{Mode: "raw", Raw: text, Options: map[string]any{"raw": map[string]any{"language": language}}}
}

// postmanAuth writes an auth of the given type; attributes come as key, value pairs.
func postmanAuth(kind string, attributes ...string) map[string]any {
	var list []postmanPair
	for i := 0; i+1 < len(attributes); i += 2 {
		list = append(list, postmanPair{Key: attributes[i], Value: attributes[i+1], Type: "string"})
	}
	auth := map[string]any{"type": kind}
	if list != nil {
		auth[kind] = list
	}
	return auth
}

// mustJSON encodes what is made of plain structs, maps and strings only.
func mustJSON(v any) []byte {
	out, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("httpserver: encode: %v", err))
	}
	return out
}
