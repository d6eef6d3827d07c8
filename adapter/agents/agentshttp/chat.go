package agentshttp

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
	"github.com/tertulia-dev/tertulia/usecase/port"
)

const chatTag = "agent chats"

// RegisterChats registers the routes of chats with agents.
func RegisterChats(api *httpserver.API, uc *agentsuc.ChatUseCases) {
	registerAsk(api, uc)
	registerMessages(api, uc.Queries)
	registerReset(api, uc.Reset)
}

func chatErrors(more ...fault.Code) []fault.Code {
	return append([]fault.Code{agents.MeetingNotFound, fault.ForbiddenCode, agents.AgentNotFound}, more...)
}

// OneChat is the input of an operation on the caller's chat with an agent about a meeting.
type OneChat struct {
	OneMeeting

	AgentKey string `path:"agentKey" doc:"The agent's key." example:"seguimiento_general"`
}

func (in OneChat) chat() (agentsuc.ChatOf, error) {
	id, err := in.meeting()
	return agentsuc.ChatOf{Actor: in.Principal, Meeting: id, Agent: agents.Key(in.AgentKey)}, err
}

type messagesInput struct {
	OneChat
	tertulia.PageQuery
}

type messagesOutput struct {
	Body tertulia.ChatPage
}

// registerMessages: GET /api/meetings/{id}/agents/{agentKey}/messages.
func registerMessages(api *httpserver.API, q *agentsuc.ChatQueries) {
	httpserver.Get(api, "/api/meetings/{id}/agents/{agentKey}/messages", httpserver.Spec{
		ID: "listAgentMessages", Tag: chatTag, Summary: "Your chat with an agent about a meeting",
		Description: "The last messages, oldest first; `next_cursor` leads to those before. A chat is private: nobody else sees it.",
		Role:        kernel.Rep, Errors: chatErrors(),
	}, func(ctx context.Context, in *messagesInput) (*messagesOutput, error) {
		of, err := in.chat()
		if err != nil {
			return nil, err
		}
		list, before, err := q.Messages(ctx, of, kernel.Page{Limit: in.Limit, Cursor: kernel.Cursor(in.Cursor)})
		if err != nil {
			return nil, err
		}
		out := messagesOutput{Body: tertulia.ChatPage{Data: httpserver.Each(list, toAPIMessage), NextCursor: httpserver.OrNull(string(before))}}
		return &out, nil
	})
}

type resetOutput struct {
	Body tertulia.ResetAnswer
}

// registerReset: DELETE /api/meetings/{id}/agents/{agentKey}/conversation.
func registerReset(api *httpserver.API, uc *agentsuc.ResetChat) {
	httpserver.Delete(api, "/api/meetings/{id}/agents/{agentKey}/conversation", httpserver.Spec{
		ID: "resetAgentConversation", Tag: chatTag, Summary: "Begin your chat with an agent anew",
		Description: "Deletes what was said, here and, item by item, at the AI provider. An answer that is being made is cancelled.",
		Role:        kernel.Rep, Errors: chatErrors(),
	}, func(ctx context.Context, in *OneChat) (*resetOutput, error) {
		of, err := in.chat()
		if err != nil {
			return nil, err
		}
		if err := uc.Execute(ctx, of); err != nil {
			return nil, err
		}
		return &resetOutput{Body: tertulia.ResetAnswer{OK: true}}, nil
	})
}

// registerAsk: POST /api/meetings/{id}/agents/{agentKey}/messages. The answer is a stream of events.
func registerAsk(api *httpserver.API, uc *agentsuc.ChatUseCases) {
	httpserver.Raw(api, http.MethodPost, "/api/meetings/{id}/agents/{agentKey}/messages", httpserver.Spec{
		ID: "askAgent", Tag: chatTag, Summary: "Ask an agent about a meeting",
		Description: "The answer comes as server-sent events: frames `{\"delta\":…}`, then `{\"done\":true,\"message_id\":…}`, or " +
			"`{\"error\":true,\"code\":…}` when it ends before its time. Every frame has an `id`; sent back as `Last-Event-ID`, the same " +
			"request goes on after it, with the same frames, and nothing is asked of the model again. An answer that nobody follows for " +
			"500 ms is cancelled; what was said of it is kept.",
		Role: kernel.Rep, Stream: true, Idempotent: true,
		Errors: chatErrors(fault.MissingParam, agents.TranscriptNotReady, agents.RunInProgress, agents.RunNotFound, fault.IdempotencyKeyReused),
	}, askDocument(), func(c echo.Context) error {
		in := OneChat{OneMeeting: OneMeeting{Caller: httpserver.CallerOf(c), ID: c.Param("id")}, AgentKey: c.Param("agentKey")}
		of, err := in.chat()
		if err != nil {
			return err
		}
		id, following, err := begin(c, uc, of, in.Caller)
		if err != nil {
			return err
		}
		httpserver.Stream(c, "text/event-stream; charset=utf-8", func(ctx context.Context, w io.Writer) error {
			defer following.Close()
			return stream(ctx, w, id, following)
		})
		return nil
	})
}

// begin asks, or goes on with an earlier answer.
func begin(c echo.Context, uc *agentsuc.ChatUseCases, of agentsuc.ChatOf, caller httpserver.Caller) (agents.MessageID, agentsuc.Following, error) {
	ctx := c.Request().Context()
	if last := c.Request().Header.Get("Last-Event-ID"); last != "" {
		id, number, err := agents.ParseFrameID(last, "Last-Event-ID")
		if err != nil {
			return "", nil, err
		}
		following, err := uc.Follow.Execute(ctx, agentsuc.FollowRunInput{ChatOf: of, Answer: id, After: number})
		return id, following, err
	}
	question, err := questionIn(c.Request())
	if err != nil {
		return "", nil, err
	}
	run, err := uc.Ask.Execute(ctx, agentsuc.AskAgentInput{
		Actor: of.Actor, Meeting: of.Meeting, Agent: of.Agent, Question: question,
		Key: port.IdempotencyKey{Scope: scopeOf(of), Key: caller.IdempotencyKey, BodyHash: caller.BodyHash},
	})
	return run.Answer, run, err
}

// scopeOf is what a key is unique in: the chat.
func scopeOf(of agentsuc.ChatOf) string {
	return strings.Join([]string{"askAgent", of.Actor.Rep.String(), of.Meeting.String(), of.Agent.String()}, "/")
}

// questionIn reads the body. One that is empty, or without a question, asks nothing: MISSING_PARAM.
func questionIn(r *http.Request) (string, error) {
	var body struct {
		Question any `json:"question"`
	}
	var wrong fault.Fields
	if r.Body != http.NoBody && r.ContentLength != 0 {
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			wrong.Add("body", fault.BadFormat, "expected", `{"question":"…"}`)
			return "", wrong.Err()
		}
	}
	switch question := body.Question.(type) {
	case nil:
		return "", nil
	case string:
		return question, nil
	default:
		wrong.Add("question", fault.BadFormat, "expected", "string")
		return "", wrong.Err()
	}
}

// askDocument describes what Raw cannot see.
func askDocument() *huma.Operation {
	schemas := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	return &huma.Operation{
		Parameters: []*huma.Param{{
			Name: "Last-Event-ID", In: "header", Description: "Goes on after this frame instead of asking: `<message_id>.<frame>`; frame 0 is the beginning.",
			Schema: &huma.Schema{Type: huma.TypeString}, Example: "0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20.12",
		}},
		RequestBody: &huma.RequestBody{Content: map[string]*huma.MediaType{"application/json": {
			Schema:  schemas.Schema(reflect.TypeFor[tertulia.AskAgentRequest](), false, "AskAgentRequest"),
			Example: map[string]string{"question": "¿Qué compromisos quedaron pendientes?"},
		}}},
		Responses: map[string]*huma.Response{"200": {
			Description: "The answer, frame by frame.",
			Content: map[string]*huma.MediaType{"text/event-stream": {
				Schema: &huma.Schema{Type: huma.TypeString},
				Example: "id: 0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20.1\ndata: {\"delta\":\"Quedaron \"}\n\n" +
					"id: 0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20.2\ndata: {\"delta\":\"dos compromisos [12:34]\"}\n\n" +
					"id: 0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20.3\ndata: {\"done\":true,\"message_id\":\"0198c5f2-7a10-7cc3-9d4e-5b8f3f6a1c20\"}\n\n",
			}},
		}},
	}
}
