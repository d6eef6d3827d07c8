package tertulia

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/url"
	"time"
)

// AnswerError is why an agent's answer ended before its time. What was said of it is kept in the chat.
type AnswerError struct {
	Code string // as in CodeRunCancelled
}

// Error implements error.
func (e *AnswerError) Error() string { return "tertulia: the agent's answer ended early: " + e.Code }

// resumeDelay is how long a client waits before it resumes: the server cancels an answer that nobody follows for 500 ms.
const resumeDelay = 100 * time.Millisecond

// Ask asks an agent about a meeting and yields its answer, frame by frame. Where the connection breaks it goes on after the
// last frame, without asking the model again. Whoever stops ranging, or ends ctx, cancels the answer. An error is the last
// element: an APIError when nothing was begun (CodeMissingParam, CodeAgentNotFound, CodeTranscriptNotReady,
// CodeRunInProgress), an AnswerError with the error frame itself when the answer failed.
func (a Agents) Ask(ctx context.Context, meeting, key, question string, opts ...CallOption) iter.Seq2[ChatFrame, error] {
	r := request{
		method: http.MethodPost, path: chatPath(meeting, key, "/messages"), body: AskAgentRequest{Question: question},
		idempotencyKey: freshKey(),
	}
	return a.frames(ctx, r, "", opts)
}

// Resume goes on with an answer after a frame, given by its ID; that of an answer's beginning is "<message ID>.0".
// CodeRunNotFound when it is not the caller's.
func (a Agents) Resume(ctx context.Context, meeting, key, lastFrame string, opts ...CallOption) iter.Seq2[ChatFrame, error] {
	r := request{method: http.MethodPost, path: chatPath(meeting, key, "/messages")}
	return a.frames(ctx, r, lastFrame, opts)
}

// Messages returns a stretch of the caller's chat with an agent about a meeting: the last messages, oldest first, or those
// before the cursor.
func (a Agents) Messages(ctx context.Context, meeting, key string, page PageQuery, opts ...CallOption) (ChatPage, error) {
	return call[ChatPage](ctx, a.c, request{
		method: http.MethodGet, path: chatPath(meeting, key, "/messages"), query: queryOf(page),
	}, opts)
}

// Reset begins the caller's chat anew. Everything that was said is deleted.
func (a Agents) Reset(ctx context.Context, meeting, key string, opts ...CallOption) (ResetAnswer, error) {
	return call[ResetAnswer](ctx, a.c, request{method: http.MethodDelete, path: chatPath(meeting, key, "/conversation")}, opts)
}

func chatPath(meeting, key, rest string) string {
	return meetingPath(meeting, "/agents/"+url.PathEscape(key)+rest)
}

// frames reads the frames of a stream.
func (a Agents) frames(ctx context.Context, r request, last string, opts []CallOption) iter.Seq2[ChatFrame, error] {
	stream := EventStream{
		Open: func(ctx context.Context, lastEventID string) (io.ReadCloser, error) {
			if lastEventID == "" {
				lastEventID = last
			}
			return a.c.openStream(ctx, r, lastEventID, opts)
		},
		Last:  isLastFrame,
		Delay: resumeDelay,
	}
	return func(yield func(ChatFrame, error) bool) {
		for event, err := range stream.Events(ctx) {
			frame := ChatFrame{ID: event.ID}
			if err == nil {
				if err = json.Unmarshal([]byte(event.Data), &frame); err != nil {
					err = fmt.Errorf("tertulia: decode a frame of an answer: %w", err)
				} else if frame.Error {
					err = &AnswerError{Code: frame.Code}
				}
			}
			if !yield(frame, err) || err != nil {
				return
			}
		}
	}
}

func isLastFrame(event Event) bool {
	var frame ChatFrame
	return json.Unmarshal([]byte(event.Data), &frame) == nil && (frame.Done || frame.Error)
}
