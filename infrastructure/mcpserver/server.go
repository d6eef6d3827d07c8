package mcpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
)

// Path is where the server answers. A service names the rep that it acts for in the query: /mcp?salesRepEmail=…
const Path = "/mcp"

// Where a service names its rep: in the query as everywhere, or in a header, for clients whose address is fixed.
const (
	callerParameter = "salesRepEmail"
	callerHeader    = "X-Sales-Rep-Email"
)

// Options are what the server is made of.
type Options struct {
	Name, Version string
	About         string // tells models what this is and how to go about it
	Tools         []Tool
}

// Register offers the tools at POST /mcp, behind the door that every operation stands behind. Tools whose operation is not
// registered are not offered. Each request stands alone: there are no sessions to be taken over.
func Register(api *httpserver.API, o Options) {
	handler := sync.OnceValues(func() (http.Handler, error) { return newHandler(api, o) }) // once every route is known
	httpserver.Raw(api, http.MethodPost, Path, httpserver.Spec{
		ID: "mcp", Tag: "mcp", Summary: "Tools for AI agents, over the Model Context Protocol",
		Description: "Streamable HTTP, without sessions: connect an MCP client to this address with the headers of any other " +
			"request. A tool sees and does what the credential may see and do. " + o.About,
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Stream: true,
	}, document(), func(c echo.Context) error {
		h, err := handler()
		if err != nil {
			return err
		}
		c.Request().Header.Set("Accept", "application/json, text/event-stream") // the protocol demands it of clients; curl forgets
		h.ServeHTTP(c.Response(), c.Request())
		return nil
	})
}

// document describes the one message that is easily sent by hand: the list of tools.
func document() *huma.Operation {
	schema := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"jsonrpc": {Type: huma.TypeString, Examples: []any{"2.0"}},
		"id":      {Type: huma.TypeInteger, Examples: []any{1}},
		"method":  {Type: huma.TypeString, Examples: []any{"tools/list"}},
		"params":  {Type: huma.TypeObject},
	}, Required: []string{"jsonrpc", "method"}}
	answer := &huma.Schema{Type: huma.TypeObject, Properties: map[string]*huma.Schema{
		"jsonrpc": {Type: huma.TypeString, Examples: []any{"2.0"}},
		"id":      {Type: huma.TypeInteger, Examples: []any{1}},
		"result":  {Type: huma.TypeObject},
	}}
	return &huma.Operation{
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}},
		Responses: map[string]*huma.Response{"200": {
			Description: "A message of the protocol", Content: map[string]*huma.MediaType{"application/json": {Schema: answer}},
		}, "202": {Description: "A notification was taken"}},
	}
}

func newHandler(api *httpserver.API, o Options) (http.Handler, error) {
	known, err := operations(api.Document())
	if err != nil {
		return nil, err
	}
	server := mcp.NewServer(&mcp.Implementation{Name: o.Name, Version: o.Version}, &mcp.ServerOptions{Instructions: o.About})
	for _, tool := range o.Tools {
		op, ok := known[tool.Operation]
		if !ok {
			continue
		}
		server.AddTool(&mcp.Tool{
			Name: tool.Name, Description: tool.About, InputSchema: op.schema(),
			Annotations: &mcp.ToolAnnotations{ReadOnlyHint: !tool.Writes},
		}, func(ctx context.Context, r *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return call(ctx, api.Handler(), r.Extra.Header, tool, op, r.Params.Arguments)
		})
	}
	streamable := mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server }, &mcp.StreamableHTTPOptions{
		Stateless: true, JSONResponse: true,
		DisableLocalhostProtection: true, // a reverse proxy's requests come that way; what guards is the credential in a header
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rep := r.URL.Query().Get(callerParameter); rep != "" {
			r.Header.Set(callerHeader, rep)
		}
		streamable.ServeHTTP(w, r)
	}), nil
}

// call makes the tool's request and gives back what is answered: a failure is a result that a model can read.
func call(ctx context.Context, edge http.Handler, from http.Header, tool Tool, op operation, raw json.RawMessage) (*mcp.CallToolResult, error) {
	arguments, ok := map[string]any{}, true
	if given := string(bytes.TrimSpace(raw)); given != "" && given != "null" { // a client may leave out what it has none of
		arguments, ok = object(raw)
	}
	if !ok {
		return failed("the arguments are not a JSON object"), nil
	}
	request, wrong := op.request(ctx, from, arguments)
	if wrong != "" {
		return failed(wrong), nil
	}
	w := &answer{header: http.Header{}}
	edge.ServeHTTP(w, request)
	if w.status >= http.StatusBadRequest {
		return failed(w.complaint()), nil
	}
	if text, isStream := w.streamed(); isStream {
		return text, nil
	}
	body, ok := object(w.body.Bytes())
	if !ok {
		return said(w.body.String()), nil // a file
	}
	for _, field := range tool.Omit {
		delete(body, field)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode the answer of %s: %w", tool.Name, err)
	}
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: string(text)}}, StructuredContent: body}, nil
}

// object reads a JSON object, if it is one.
func object(raw []byte) (map[string]any, bool) {
	var fields map[string]any
	err := json.Unmarshal(raw, &fields)
	return fields, err == nil && fields != nil
}

func said(text string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: text}}}
}

func failed(why string) *mcp.CallToolResult {
	result := said(why)
	result.IsError = true
	return result
}

// unknown names the arguments that the operation does not take.
func (o operation) unknown(arguments map[string]any) []string {
	var names []string
	for name := range arguments {
		_, inBody := o.body[name]
		if !inBody && !slices.ContainsFunc(o.arguments(), func(p parameter) bool { return p.Name == name }) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
