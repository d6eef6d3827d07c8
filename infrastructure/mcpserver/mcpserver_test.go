package mcpserver_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/infrastructure/mcpserver"
)

// names lets in whoever shows a key, under the name of the rep that it acts for.
type names struct{}

func (names) Authenticate(_ context.Context, c httpserver.Credentials) (kernel.Principal, error) {
	if c.APIKey != "right" {
		return kernel.Principal{}, fault.New(fault.Unauthenticated, fault.Unauthorized)
	}
	return kernel.Principal{Kind: kernel.Service, Name: c.RepEmail, Role: kernel.Rep}, nil
}

type question struct {
	httpserver.Caller

	ID    string `path:"id" example:"7"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}

type reply struct {
	Body struct {
		Who    string `json:"who"`
		ID     string `json:"id"`
		Limit  int    `json:"limit"`
		Secret string `json:"secret"`
	}
}

// stream is what an agent's answer looks like; frames are sent as they are.
func stream(frames string) (*huma.Operation, echo.HandlerFunc) {
	body := &huma.Schema{Type: huma.TypeObject, Required: []string{"question"}, Properties: map[string]*huma.Schema{"question": {Type: huma.TypeString}}}
	return &huma.Operation{RequestBody: &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {Schema: body}}}},
		func(c echo.Context) error {
			c.Response().Header().Set("Content-Type", "text/event-stream")
			c.Response().WriteHeader(http.StatusOK)
			c.Response().Flush()
			_, err := c.Response().Write([]byte(frames))
			return err
		}
}

// connect serves an API with tools and returns a client of it that shows a key for Ana.
func connect(t *testing.T) *mcp.ClientSession {
	t.Helper()
	api := httpserver.New(httpserver.Options{Auth: names{}})
	httpserver.Get(api, "/things/{id}", httpserver.Spec{ID: "getThing", Summary: "x", Role: kernel.Rep},
		func(_ context.Context, in *question) (*reply, error) {
			if in.ID == "none" {
				return nil, fault.New(fault.NotFound, "MEETING_NOT_FOUND")
			}
			var out reply
			out.Body.Who, out.Body.ID, out.Body.Limit, out.Body.Secret = in.Principal.Name, in.ID, in.Limit, "long"
			return &out, nil
		})
	for id, frames := range map[string]string{
		"ask":   ": ping\n\nid: 1\ndata: {\"delta\":\"Hola \"}\n\ndata: {\"delta\":\"Ana\"}\n\ndata: {\"done\":true,\"message_id\":\"m-1\"}\n\n",
		"break": "data: {\"delta\":\"Hola \"}\n\ndata: {\"error\":true,\"code\":\"OPENAI_ERROR\"}\n\n",
		"cut":   "data: {\"delta\":\"Hola \"}\n\n",
	} {
		doc, handler := stream(frames)
		httpserver.Raw(api, http.MethodPost, "/"+id, httpserver.Spec{ID: id, Summary: "x", Role: kernel.Rep, Stream: true}, doc, handler)
	}
	mcpserver.Register(api, mcpserver.Options{Name: "x", Version: "1", Tools: []mcpserver.Tool{
		{Name: "get_thing", Operation: "getThing", About: "A thing.", Omit: []string{"secret"}},
		{Name: "ask", Operation: "ask", About: "Ask.", Writes: true},
		{Name: "break", Operation: "break", About: "x"},
		{Name: "cut", Operation: "cut", About: "x"},
		{Name: "not_there", Operation: "notThere", About: "x"},
	}})
	server := httptest.NewServer(api.Handler())
	t.Cleanup(server.Close)
	session, err := mcp.NewClient(&mcp.Implementation{Name: "t", Version: "1"}, nil).Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: server.URL + mcpserver.Path + "?salesRepEmail=ana@example.com", HTTPClient: &http.Client{Transport: keyed{}}, DisableStandaloneSSE: true,
	}, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = session.Close() })
	return session
}

type keyed struct{}

func (keyed) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-API-Key", "right")
	return http.DefaultTransport.RoundTrip(r)
}

func call(t *testing.T, session *mcp.ClientSession, tool string, arguments map[string]any) (string, *mcp.CallToolResult) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	require.NoError(t, err)
	return result.Content[0].(*mcp.TextContent).Text, result
}

func TestOnlyOperationsThatExistAreToolsAndTheirInputIsTheOperations(t *testing.T) {
	t.Parallel()
	list, err := connect(t).ListTools(t.Context(), nil)
	require.NoError(t, err)
	tools := map[string]*mcp.Tool{}
	for _, tool := range list.Tools {
		tools[tool.Name] = tool
	}
	require.Len(t, tools, 4)
	require.True(t, tools["get_thing"].Annotations.ReadOnlyHint)
	require.False(t, tools["ask"].Annotations.ReadOnlyHint)
	schema := tools["get_thing"].InputSchema.(map[string]any)
	require.Equal(t, []any{"id"}, schema["required"])
	require.NotContains(t, schema["properties"], "salesRepEmail", "who calls is no argument")
	require.Contains(t, schema["properties"], "limit")
	require.Equal(t, []any{"question"}, tools["ask"].InputSchema.(map[string]any)["required"])
}

func TestAToolCallIsTheCallersOwnRequest(t *testing.T) {
	t.Parallel()
	session := connect(t)
	text, result := call(t, session, "get_thing", map[string]any{"id": "7 a", "limit": 5})
	require.False(t, result.IsError, text)
	require.JSONEq(t, `{"who":"ana@example.com","id":"7 a","limit":5}`, text)

	for want, arguments := range map[string]map[string]any{
		"MEETING_NOT_FOUND":                     {"id": "none"},
		"VALIDATION_ERROR":                      {"id": "7", "limit": 1000},
		"the argument id is missing":            nil, // as if there were an empty object
		"unknown arguments: salesRepEmail, who": {"id": "7", "who": "me", "salesRepEmail": "beto@example.com"},
	} {
		text, result := call(t, session, "get_thing", arguments)
		require.True(t, result.IsError, text)
		require.Contains(t, text, want)
	}
}

func TestAStreamedAnswerIsPutTogetherAndABrokenOneIsAFailure(t *testing.T) {
	t.Parallel()
	session := connect(t)
	arguments := map[string]any{"question": "¿Qué sigue?"}
	text, result := call(t, session, "ask", arguments)
	require.False(t, result.IsError, text)
	require.Equal(t, "Hola Ana", text)
	require.Equal(t, "m-1", result.StructuredContent.(map[string]any)["message_id"])
	for _, tool := range []string{"break", "cut"} {
		text, result := call(t, session, tool, arguments)
		require.True(t, result.IsError, tool)
		require.Contains(t, text, "ended early: Hola")
	}
}
