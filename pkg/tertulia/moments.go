package tertulia

import (
	"context"
	"net/http"
)

// TranscriptFormat is a form in which a transcript can be taken away.
type TranscriptFormat string

// Formats of a transcript.
const (
	TranscriptVTT      TranscriptFormat = "vtt" // WebVTT captions
	TranscriptSRT      TranscriptFormat = "srt" // SubRip captions
	TranscriptText     TranscriptFormat = "txt" // "[mm:ss] Name: text" lines
	TranscriptMarkdown TranscriptFormat = "md"
)

// TranscriptFile returns the transcript in a format, in UTF-8. CodeTranscriptNotReady until there is one.
func (m Meetings) TranscriptFile(ctx context.Context, id string, format TranscriptFormat, opts ...CallOption) ([]byte, error) {
	return m.c.send(ctx, request{method: http.MethodGet, path: meetingPath(id, "/transcript."+string(format))}, opts)
}

// Search finds what was said in the meetings that the caller may see. CodeValidation when there is nothing to look for.
func (m Meetings) Search(ctx context.Context, filter SearchFilter, opts ...CallOption) (SearchPage, error) {
	return call[SearchPage](ctx, m.c, request{
		method: http.MethodGet, path: "/api/meetings/search", query: queryOf(filter),
	}, opts)
}
