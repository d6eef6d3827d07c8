package embed_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
)

// withHeader adds headers to every request.
type withHeader map[string]string

func (h withHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for name, value := range h {
		r.Header.Set(name, value)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// agentOf connects the protocol's own client, with the headers of a caller.
func agentOf(t *testing.T, s *embedtest.System, query string, header withHeader) *mcp.ClientSession {
	t.Helper()
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{
		Endpoint: s.URL + "/mcp" + query, HTTPClient: &http.Client{Transport: header, Timeout: 30 * time.Second}, DisableStandaloneSSE: true,
	}, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func bearerOf(t *testing.T, s *embedtest.System, email string) withHeader {
	return withHeader{"Authorization": "Bearer " + s.Token(t, email)}
}

// useTool calls a tool and returns what it says.
func useTool(t *testing.T, agent *mcp.ClientSession, tool string, arguments map[string]any) (string, *mcp.CallToolResult) {
	t.Helper()
	result, err := agent.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: arguments})
	require.NoError(t, err)
	require.Len(t, result.Content, 1)
	return result.Content[0].(*mcp.TextContent).Text, result
}

func TestAnAgentReadsThroughToolsWhatItsRepMayRead(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	agent := agentOf(t, s, "", bearerOf(t, s, embedtest.RepEmail))

	tools, err := agent.ListTools(t.Context(), nil)
	require.NoError(t, err)
	offered := map[string]*mcp.Tool{}
	for _, tool := range tools.Tools {
		offered[tool.Name] = tool
		require.NotEmpty(t, tool.Description, tool.Name)
	}
	for _, name := range []string{"list_meetings", "get_meeting", "get_transcript", "search", "rep_performance", "team_performance"} {
		require.Contains(t, offered, name)
		require.True(t, offered[name].Annotations.ReadOnlyHint, name)
	}

	list, result := useTool(t, agent, "list_meetings", map[string]any{"status": []string{"COMPLETED"}, "limit": 5, "search": "valle"})
	require.False(t, result.IsError, list)
	require.Contains(t, list, id)
	meeting, _ := useTool(t, agent, "get_meeting", map[string]any{"id": id})
	require.Contains(t, meeting, `"sales_rep_score"`)
	require.NotContains(t, meeting, "raw_transcript", "the transcript is another tool's")
	transcript, _ := useTool(t, agent, "get_transcript", map[string]any{"id": id})
	require.True(t, strings.HasPrefix(strings.TrimSpace(transcript), "["), transcript[:80])
	s.Searchable(t, id, "propuesta")
	found, result := useTool(t, agent, "search", map[string]any{"q": "propuesta"})
	require.False(t, result.IsError, found)
	require.Contains(t, found, id)
}

func TestAToolRefusesWhatTheCredentialMayNot(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	other := agentOf(t, s, "", bearerOf(t, s, embedtest.OtherRepEmail))
	for tool, code := range map[string]string{"get_meeting": "FORBIDDEN", "get_transcript": "FORBIDDEN"} {
		text, result := useTool(t, other, tool, map[string]any{"id": id})
		require.True(t, result.IsError, tool)
		require.Contains(t, text, code)
		require.NotContains(t, text, "Distribuidora")
	}
	text, result := useTool(t, other, "team_performance", nil)
	require.True(t, result.IsError)
	require.Contains(t, text, "FORBIDDEN")

	foreign := agentOf(t, s, "?salesRepEmail="+url.QueryEscape(embedtest.OtherEmail), withHeader{"X-API-Key": s.OtherKey})
	text, result = useTool(t, foreign, "get_meeting", map[string]any{"id": id})
	require.True(t, result.IsError)
	require.Contains(t, text, "MEETING_NOT_FOUND")

	service := agentOf(t, s, "?salesRepEmail="+url.QueryEscape(embedtest.RepEmail), withHeader{"X-API-Key": embedtest.ServiceKey})
	text, result = useTool(t, service, "who_am_i", nil)
	require.False(t, result.IsError, text)
	require.Contains(t, text, embedtest.RepEmail)
	for _, wrong := range []map[string]any{{}, {"id": id, "salesRepEmail": embedtest.AdminEmail}, {"id": 7}} {
		text, result = useTool(t, service, "get_meeting", wrong)
		require.True(t, result.IsError, text)
	}
}

func TestTheToolsAreBehindTheDoor(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t, embedtest.WithoutWorker())
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	for name, header := range map[string][]string{
		"nobody": nil, "a wrong key": {"X-API-Key", "wrong"}, "a wrong token": {"Authorization", "Bearer wrong"},
		"the scheduler": {"Authorization", "Bearer " + embedtest.CronSecret},
	} {
		require.Equal(t, http.StatusUnauthorized, s.Do(t, http.MethodPost, "/mcp", list, header...).Status, name)
	}
	answer := s.Do(t, http.MethodPost, "/mcp", list, "X-API-Key", embedtest.ServiceKey)
	require.Equal(t, http.StatusOK, answer.Status, answer.Body)
	require.Contains(t, answer.Body, "list_meetings")
}

func TestAnAgentAsksAnotherAboutAMeetingAndTheChatKeepsIt(t *testing.T) {
	t.Parallel()
	s := embedtest.New(t)
	id := s.Scheduled(t, embedtest.Talk())
	s.Settled(t, id)
	ask := map[string]any{"id": id, "agentKey": "seguimiento_general", "question": "¿Qué compromisos quedaron?"}
	text, result := useTool(t, agentOf(t, s, "", bearerOf(t, s, embedtest.RepEmail)), "ask_agent", ask)
	require.False(t, result.IsError, text)
	require.NotEmpty(t, text)
	chat := s.Do(t, http.MethodGet, "/api/meetings/"+id+"/agents/seguimiento_general/messages", "", "Authorization", "Bearer "+s.Token(t, embedtest.RepEmail))
	require.Contains(t, chat.Body, "¿Qué compromisos quedaron?")

	refusal, result := useTool(t, agentOf(t, s, "", bearerOf(t, s, embedtest.OtherRepEmail)), "ask_agent", ask)
	require.True(t, result.IsError)
	require.Contains(t, refusal, "FORBIDDEN")
}
