package agentshttp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/agents"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	agentsuc "github.com/tertulia-dev/tertulia/usecase/agents"
)

// uploadTime is how long a file may take on its way in and on to the provider.
const uploadTime = 2 * time.Minute

// registerKnowledge registers the routes of agents' files.
func registerKnowledge(api *httpserver.API, uc *agentsuc.Knowledge) {
	registerFiles(api, uc.Queries)
	registerAddFile(api, uc.Add)
	registerRemoveFile(api, uc.Remove)
	registerShareStore(api, uc.Share, uc.Queries)
}

type filesOutput struct {
	Body tertulia.AgentFileList
}

// registerFiles: GET /api/admin/agents/{key}/files. A store has at most a hundred files: there are no pages.
func registerFiles(api *httpserver.API, q *agentsuc.FileQueries) {
	httpserver.Get(api, "/api/admin/agents/{key}/files", httpserver.Spec{
		ID: "listAgentFiles", Tag: tag, Summary: "The files that an agent searches in, and who shares them",
		Role: kernel.Admin, Errors: []fault.Code{agents.AgentNotFound, fault.ForbiddenCode},
	}, func(ctx context.Context, in *OneAgent) (*filesOutput, error) {
		return listFiles(ctx, q, in.Principal, agents.Key(in.Key))
	})
}

func listFiles(ctx context.Context, q *agentsuc.FileQueries, actor kernel.Principal, key agents.Key) (*filesOutput, error) {
	list, err := q.List(ctx, actor, key)
	if err != nil {
		return nil, err
	}
	out := filesOutput{Body: tertulia.AgentFileList{Data: httpserver.Each(list.Files, toAPIFile), SharedWith: []string{}}}
	for _, other := range list.SharedWith {
		out.Body.SharedWith = append(out.Body.SharedWith, other.String())
	}
	return &out, nil
}

// registerAddFile: POST /api/admin/agents/{key}/files. The body is the file itself, which is passed on as it comes.
func registerAddFile(api *httpserver.API, uc *agentsuc.AddFile) {
	httpserver.Raw(api, http.MethodPost, "/api/admin/agents/{key}/files", httpserver.Spec{
		ID: "addAgentFile", Tag: tag, Summary: "Give an agent a file to search in",
		Description: "The body is the file itself, at most 20 MB: pdf, txt, md, csv or docx, by its content as well as by its name. " +
			"The answer comes before the provider has read the file: its status is then `in_progress`.",
		Role: kernel.Admin, Status: http.StatusCreated, BodyLimit: agents.MaxFileBytes, UnreadBody: true, Timeout: uploadTime,
		Errors: []fault.Code{
			agents.AgentNotFound, fault.ForbiddenCode, fault.Validation, fault.PayloadTooLarge, agents.TooManyFiles,
			agents.OpenAINotConfigured, agents.OpenAIError,
		},
	}, uploadOperation(), func(c echo.Context) error {
		r := c.Request()
		size := r.ContentLength
		if r.Body == http.NoBody {
			size = 0
		}
		f, err := uc.Execute(r.Context(), agentsuc.AddFileInput{
			Actor: httpserver.CallerOf(c).Principal, Agent: agents.Key(c.Param("key")), Name: fileName(r),
			Size: size, Content: limited{r.Body},
		})
		if err != nil {
			return err
		}
		return c.JSON(http.StatusCreated, toAPIFile(f))
	})
}

// fileName reads X-Filename, percent-encoded where it is, since a header carries no accents.
func fileName(r *http.Request) string {
	name := r.Header.Get("X-Filename")
	if decoded, err := url.PathUnescape(name); err == nil {
		return decoded
	}
	return name
}

// limited tells of a body that is longer than it said by our own fault.
type limited struct{ io.Reader }

// Read implements io.Reader.
func (l limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		err = fault.New(fault.TooLarge, fault.PayloadTooLarge).With("max", "20 MB")
	}
	return n, err
}

func uploadOperation() *huma.Operation {
	const binary = "binary"
	body := map[string]*huma.MediaType{}
	for _, t := range agents.FileTypes() {
		body[t.MediaType()] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: binary}}
	}
	return &huma.Operation{
		Parameters: []*huma.Param{{
			Name: "X-Filename", In: "header", Required: true, Example: "catalogo.pdf",
			Description: "The file's name with its ending, percent-encoded where it is not plain ASCII.",
			Schema:      &huma.Schema{Type: huma.TypeString},
		}},
		RequestBody: &huma.RequestBody{Required: true, Content: body},
		Responses: map[string]*huma.Response{"201": {
			Description: "The file, as in the list.",
			Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}, Example: map[string]any{
				"id": "0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f", "filename": "catalogo.pdf", "type": "pdf", "bytes": 182_044,
				"status": "in_progress", "error": nil, "generated": false, "agent": "seguimiento_general", "created_at": "2026-11-21T16:00:00Z",
			}}},
		}},
	}
}

type removeFileInput struct {
	OneAgent

	ID string `path:"fileId" doc:"The file's ID." example:"0193d2a4-7b1e-7c3a-9f00-5a6b7c8d9e0f"`
}

type okOutput struct {
	Body tertulia.Done
}

// registerRemoveFile: DELETE /api/admin/agents/{key}/files/{fileId}.
func registerRemoveFile(api *httpserver.API, uc *agentsuc.RemoveFile) {
	httpserver.Delete(api, "/api/admin/agents/{key}/files/{fileId}", httpserver.Spec{
		ID: "removeAgentFile", Tag: tag, Summary: "Take a file away from an agent",
		Description: "It goes for every agent that shares the files.",
		Role:        kernel.Admin, Errors: []fault.Code{agents.AgentNotFound, agents.FileNotFound, agents.FileIsGenerated, fault.ForbiddenCode},
	}, func(ctx context.Context, in *removeFileInput) (*okOutput, error) {
		id, err := kernel.ParseID[agents.FileID](in.ID)
		if err != nil {
			return nil, fault.New(fault.NotFound, agents.FileNotFound)
		}
		err = uc.Execute(ctx, agentsuc.RemoveFileInput{Actor: in.Principal, Agent: agents.Key(in.Key), File: id})
		if err != nil {
			return nil, err
		}
		return &okOutput{Body: tertulia.Done{OK: true}}, nil
	})
}

type shareStoreInput struct {
	OneAgent

	Body tertulia.ShareFilesRequest
}

// registerShareStore: PUT /api/admin/agents/{key}/files/shared-with.
func registerShareStore(api *httpserver.API, uc *agentsuc.ShareStore, q *agentsuc.FileQueries) {
	httpserver.Put(api, "/api/admin/agents/{key}/files/shared-with", httpserver.Spec{
		ID: "shareAgentFiles", Tag: tag, Summary: "Have an agent search in another's files",
		Description: "With null the agent has files of its own again. An agent that has some joins nobody.",
		Role:        kernel.Admin, Errors: []fault.Code{
			agents.AgentNotFound, fault.ForbiddenCode, agents.StoreHasFiles, agents.OpenAINotConfigured, agents.OpenAIError,
		},
	}, func(ctx context.Context, in *shareStoreInput) (*filesOutput, error) {
		share := agentsuc.ShareStoreInput{Actor: in.Principal, Agent: agents.Key(in.Key)}
		if in.Body.Agent != nil {
			share.With = agents.Key(*in.Body.Agent)
		}
		if err := uc.Execute(ctx, share); err != nil {
			return nil, err
		}
		return listFiles(ctx, q, in.Principal, share.Agent)
	})
}

func toAPIFile(f agents.File) tertulia.AgentFile {
	status := "in_progress"
	switch f.State {
	case agents.FileReady:
		status = "completed"
	case agents.FileFailed:
		status = "failed"
	}
	return tertulia.AgentFile{
		ID: f.ID.String(), Filename: f.Name, Type: string(f.Type), Bytes: f.Bytes, Status: status,
		Error: httpserver.OrNull(f.Problem), Generated: f.IsLessons(), Agent: f.Agent.String(), CreatedAt: f.CreatedAt,
	}
}
