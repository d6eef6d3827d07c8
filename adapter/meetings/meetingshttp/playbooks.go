package meetingshttp

import (
	"context"
	"strconv"
	"strings"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	meetingsuc "github.com/tertulia-dev/tertulia/usecase/meetings"
)

const playbookTag = "playbooks"

func registerPlaybooks(api *httpserver.API, uc *meetingsuc.UseCases) {
	registerGetPlaybook(api, uc.Playbooks)
	registerPlaybookHistory(api, uc.Playbooks)
	registerEditPlaybook(api, uc.EditPlaybook)
}

type getPlaybookInput struct {
	httpserver.Caller

	Version int `query:"version" minimum:"1" maximum:"2147483647" doc:"An earlier version, such as the playbook_version of an analysis; the current one when left out."`
}

type playbookOutput struct {
	ETag string `header:"ETag" doc:"The version, for If-Match."`
	Body tertulia.Playbook
}

func playbookAnswer(p meetings.Playbook, err error) (*playbookOutput, error) {
	if err != nil {
		return nil, err
	}
	return &playbookOutput{ETag: strconv.Quote(strconv.Itoa(p.Version)), Body: toAPIPlaybook(p)}, nil
}

// registerGetPlaybook: GET /api/playbook.
func registerGetPlaybook(api *httpserver.API, q *meetingsuc.PlaybookQueries) {
	httpserver.Get(api, "/api/playbook", httpserver.Spec{
		ID: "getPlaybook", Tag: playbookTag, Summary: "The five dimensions that sellers are scored on",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed, Errors: []fault.Code{meetings.PlaybookNotFound},
	}, func(ctx context.Context, in *getPlaybookInput) (*playbookOutput, error) {
		return playbookAnswer(q.Get(ctx, in.Principal, in.Version))
	})
}

type playbookHistoryInput struct {
	httpserver.Caller
	tertulia.PageQuery
}

type playbookHistoryOutput struct {
	Body tertulia.PlaybookHistory
}

// registerPlaybookHistory: GET /api/playbook/history.
func registerPlaybookHistory(api *httpserver.API, q *meetingsuc.PlaybookQueries) {
	httpserver.Get(api, "/api/playbook/history", httpserver.Spec{
		ID: "listPlaybookVersions", Tag: playbookTag, Summary: "The versions of the playbook, the newest first",
		Role: kernel.Rep, ActAs: httpserver.ServiceAllowed,
	}, func(ctx context.Context, in *playbookHistoryInput) (*playbookHistoryOutput, error) {
		before, err := playbookVersion("cursor", in.Cursor)
		if err != nil {
			return nil, err
		}
		list, more, err := q.History(ctx, in.Principal, before, kernel.Page{Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		out := playbookHistoryOutput{Body: tertulia.PlaybookHistory{Data: httpserver.Each(list, toAPIPlaybook)}}
		if more {
			out.Body.NextCursor = new(strconv.Itoa(list[len(list)-1].Version))
		}
		return &out, nil
	})
}

type editPlaybookInput struct {
	httpserver.Caller

	IfMatch string `header:"If-Match" maxLength:"20" doc:"The version that was edited; another one in between is answered with VERSION_CONFLICT."`
	Body    tertulia.EditPlaybookRequest
}

// registerEditPlaybook: PUT /api/admin/playbook.
func registerEditPlaybook(api *httpserver.API, uc *meetingsuc.EditPlaybook) {
	httpserver.Put(api, "/api/admin/playbook", httpserver.Spec{
		ID: "editPlaybook", Tag: playbookTag, Summary: "Change the five dimensions that sellers are scored on",
		Description: "Each change is a version. It holds for the analyses that begin from then on; earlier ones keep theirs until they are made anew.",
		Role:        kernel.Admin, Errors: []fault.Code{fault.Validation, fault.ForbiddenCode, meetings.VersionConflict},
		Example: tertulia.EditPlaybookRequest{Dimensions: toAPIPlaybook(meetings.DefaultPlaybook()).Dimensions},
	}, func(ctx context.Context, in *editPlaybookInput) (*playbookOutput, error) {
		version, err := playbookVersion("If-Match", strings.Trim(strings.TrimPrefix(strings.TrimSpace(in.IfMatch), "W/"), `"*`))
		if err != nil {
			return nil, err
		}
		edit := meetingsuc.EditPlaybookInput{Actor: in.Principal, Of: version}
		for _, d := range in.Body.Dimensions {
			edit.Dimensions = append(edit.Dimensions, meetings.PlaybookDimension{
				Key: meetings.Dimension(d.Key), Label: d.Label, High: d.High, Low: d.Low,
			})
		}
		return playbookAnswer(uc.Execute(ctx, edit))
	})
}

// playbookVersion reads a version where one is given.
func playbookVersion(field, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	version, err := strconv.ParseInt(text, 10, 32)
	var f fault.Fields
	f.Require(err == nil && version > 0, field, fault.BadFormat, "expected", `"2"`)
	return int(version), f.Err()
}

func toAPIPlaybook(p meetings.Playbook) tertulia.Playbook {
	playbook := tertulia.Playbook{
		Version: p.Version, IsDefault: p.Version == meetings.FirstPlaybook, EditedBy: httpserver.OrNull(p.EditedBy.String()), EditedAt: p.EditedAt,
	}
	for _, d := range p.Dimensions {
		playbook.Dimensions = append(playbook.Dimensions, tertulia.PlaybookDimension{
			Key: string(d.Key), Label: d.Label, High: d.High, Low: d.Low,
		})
	}
	return playbook
}
