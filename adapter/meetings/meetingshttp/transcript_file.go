package meetingshttp

import (
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

// transcriptRoute is how one format of a transcript is served.
type transcriptRoute struct {
	format                                 meetings.TranscriptFormat
	id, summary, about, contentType, shape string
}

func transcriptRoutes() []transcriptRoute {
	return []transcriptRoute{
		{
			meetings.WebVTT, "getTranscriptVTT", "The transcript as WebVTT captions",
			"For players: captions of up to two lines and seven seconds, each with its speaker's voice tag.",
			"text/vtt; charset=utf-8", "WEBVTT\n\n1\n00:00:00.000 --> 00:00:03.200\n<v Emmanuel>Hola Pedro\n",
		},
		{
			meetings.SubRip, "getTranscriptSRT", "The transcript as SubRip captions",
			"For players and editors that know no WebVTT. A speaker is named where a turn begins.",
			"application/x-subrip; charset=utf-8", "1\n00:00:00,000 --> 00:00:03,200\nEmmanuel: Hola Pedro\n\n",
		},
		{
			meetings.Text, "getTranscriptText", "The transcript as text",
			"A line an utterance: when, who, what.", "text/plain; charset=utf-8", "[00:00] Emmanuel: Hola Pedro\n",
		},
		{
			meetings.Markdown, "getTranscriptMarkdown", "The transcript as Markdown",
			"With the meeting's title, date and company above it.", "text/markdown; charset=utf-8", "# Demo Acme\n\n**[00:00] Emmanuel:** Hola Pedro\n",
		},
	}
}

// registerTranscriptFiles: GET /api/meetings/{id}/transcript.vtt, .srt, .txt and .md.
func registerTranscriptFiles(api *httpserver.API, q *meetingsuc.MomentQueries) {
	for _, r := range transcriptRoutes() {
		httpserver.Raw(api, http.MethodGet, "/api/meetings/{id}/transcript."+string(r.format), httpserver.Spec{
			ID: r.id, Tag: tag, Summary: r.summary, Description: r.about,
			Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: errorsOfOne(meetings.TranscriptNotReady),
		}, &huma.Operation{Responses: map[string]*huma.Response{"200": {
			Description: "The file, to be saved under the name that Content-Disposition tells.",
			Content:     map[string]*huma.MediaType{r.contentType: {Schema: &huma.Schema{Type: huma.TypeString}, Example: r.shape}},
		}}}, func(c echo.Context) error {
			caller := OneMeeting{Caller: httpserver.CallerOf(c), ID: c.Param("id")}
			id, err := caller.meeting()
			if err != nil {
				return err
			}
			file, err := q.TranscriptFile(c.Request().Context(), caller.Principal, id, r.format)
			if err != nil {
				return err
			}
			c.Response().Header().Set(echo.HeaderContentDisposition, mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
			return c.Blob(http.StatusOK, r.contentType, []byte(file.Body))
		})
	}
}
