package httpserver

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// illustrate gives every operation of the document what a reader copies: a curl line, and an answer as it looks.
func (a *API) illustrate() {
	base := "http://localhost:3099"
	if len(a.opts.Servers) > 0 {
		base = strings.TrimRight(a.opts.Servers[0], "/")
	}
	for _, o := range a.operations {
		doc := a.documented(o.Method, o.Path)
		if doc == nil {
			continue
		}
		if doc.Extensions == nil {
			doc.Extensions = map[string]any{}
		}
		doc.Extensions["x-codeSamples"] = []map[string]string{{
			"lang": "Shell", "label": "curl", "source": a.sampleCall(o, doc).curl(base),
		}}
		if o.Example != nil && jsonSchema(doc) != nil {
			doc.RequestBody.Content["application/json"].Example = o.Example
		}
		for status, response := range doc.Responses {
			if strings.HasPrefix(status, "2") && response != nil {
				a.illustrateAnswer(response)
			}
		}
	}
}

func (a *API) illustrateAnswer(response *huma.Response) {
	content := response.Content["application/json"]
	if content == nil || content.Schema == nil || content.Example != nil || len(content.Examples) > 0 {
		return
	}
	content.Example = a.sampler(true).sample("", content.Schema, 0)
}
