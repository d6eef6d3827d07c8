package httpserver_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

func TestTheDocumentIsValidAndSaysWhatTheRegistrationsSay(t *testing.T) {
	t.Parallel()
	got := newEdge(t, func(o *httpserver.Options) { o.Servers = []string{"https://api.example"} }).call(t, "GET", "/openapi.json", "")
	require.Equal(t, 200, got.status)
	doc, err := openapi3.NewLoader().LoadFromData([]byte(got.text))
	require.NoError(t, err)
	require.NoError(t, doc.Validate(t.Context()))

	op := doc.Paths.Find("/api/things/{id}").Post
	require.Equal(t, "echo", op.OperationID)
	require.NotNil(t, op.Responses.Status(201))
	require.NotNil(t, op.Parameters.GetByInAndName("query", "salesRepEmail"))
	require.NotNil(t, op.Parameters.GetByInAndName("header", "Idempotency-Key"))
	require.NotNil(t, op.Parameters.GetByInAndName("path", "id"))
	upstream := op.Responses.Status(502).Value
	require.Contains(t, upstream.Content["application/json"].Examples, "N8N_ERROR")
	require.Equal(t, "#/components/schemas/Envelope", upstream.Content["application/json"].Schema.Ref)
	require.Contains(t, op.Responses.Status(400).Value.Content["application/json"].Examples, "MISSING_SALES_REP_EMAIL")
	require.Nil(t, op.Responses.Status(422), "the decoder's own status is never answered")
	require.NotContains(t, doc.Components.Schemas, "ErrorModel")
	require.Len(t, *op.Security, 2)
	require.Empty(t, *doc.Paths.Find("/health").Get.Security)
}

func TestThePostmanFilesHoldEveryOperationWithItsCredential(t *testing.T) {
	t.Parallel()
	e := newEdge(t, func(o *httpserver.Options) { o.Servers = []string{"https://api.example"} })
	var c struct {
		Item []struct {
			Name string
			Item []struct {
				Name    string
				Request struct {
					Method string
					URL    struct{ Raw string }
					Auth   map[string]any
					Body   struct{ Raw string }
				}
			}
		}
	}
	got := e.call(t, "GET", "/postman/collection.json", "")
	require.NoError(t, json.Unmarshal([]byte(got.text), &c))
	count, auths := 0, map[string]any{}
	for _, folder := range c.Item {
		for _, item := range folder.Item {
			count++
			auths[item.Request.Method+" "+item.Request.URL.Raw] = item.Request.Auth["type"]
			if item.Name == "Echo" {
				require.JSONEq(t, `{"title":"","customer":{"contactName":""}}`, item.Request.Body.Raw)
			}
		}
	}
	require.Len(t, e.api.Operations(), count)
	require.Equal(t, "apikey", auths["POST {{baseUrl}}/api/things/:id"])
	require.Equal(t, "bearer", auths["GET {{baseUrl}}/api/cron/tick"])
	require.Equal(t, "noauth", auths["GET {{baseUrl}}/health"])

	env := e.call(t, "GET", "/postman/environment.json", "")
	var values struct{ Values []struct{ Key, Value string } }
	require.NoError(t, json.Unmarshal([]byte(env.text), &values))
	require.Len(t, values.Values, 4)
	require.Equal(t, "https://api.example", values.Values[0].Value)
}

// patchable is a field of a partial update, as pkg/tertulia has them.
type patchable struct{ value *string }

func (p patchable) Ptr() *string { return p.value }

func (p *patchable) UnmarshalJSON(raw []byte) error { return json.Unmarshal(raw, &p.value) }

func TestAFieldThatTellsNullFromAbsentIsAStringOrNullInTheDocument(t *testing.T) {
	t.Parallel()
	e := newEdge(t)
	type input struct {
		Body struct {
			Title patchable `json:"title,omitzero"`
		}
	}
	httpserver.Patch(e.api, "/titles", httpserver.Spec{ID: "retitle", Credential: httpserver.Public},
		func(_ context.Context, in *input) (*echoOutput, error) {
			var out echoOutput
			if title := in.Body.Title.Ptr(); title != nil {
				out.Body.Title = *title
			}
			return &out, nil
		})
	require.Equal(t, "abc", e.call(t, "PATCH", "/titles", `{"title":"abc"}`).body["title"])
	require.Equal(t, 200, e.call(t, "PATCH", "/titles", `{"title":null}`).status)
	require.Equal(t, 200, e.call(t, "PATCH", "/titles", `{}`).status)
	require.Equal(t, 400, e.call(t, "PATCH", "/titles", `{"title":7}`).status)
}

type hidden struct {
	ID string `path:"id"`
}

func TestAnInputThatDoesNotReadItsPathIsRefusedAtStartUp(t *testing.T) {
	t.Parallel()
	type input struct{ hidden } // the decoder does not look into what is not exported
	require.PanicsWithValue(t,
		"httpserver: the input of lost does not read {id}: is it in an embedded type that is not exported?", func() {
			httpserver.Get(newEdge(t).api, "/lost/{id}", httpserver.Spec{ID: "lost", Credential: httpserver.Public},
				func(context.Context, *input) (*struct{}, error) { return nil, nil })
		})
}
