package batchcallshttp

import (
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/infrastructure/catalog"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// fileTime is how long a customer's file may take on its way in.
const fileTime = 5 * time.Minute

const aboutFile = "The body is the CSV file itself, at most 100 MB: UTF-8 or Windows-1252, separated by commas, semicolons or tabs, with a " +
	"header. `mapping` is what a preview answers as `mapping`, as it is or changed; without it the columns are guessed. A line that is " +
	"wrong is told and left out."

// registerFiles: POST /v1/calls/campaigns/{id}/recipients and …/recipients/preview. A file is read as it comes.
func registerFiles(api *httpserver.API, uc *batchcallsuc.CampaignUseCases, texts *catalog.Catalog) {
	httpserver.Raw(api, http.MethodPost, "/v1/calls/campaigns/{id}/recipients", campaignSpec(httpserver.Spec{
		ID: "addCallCampaignRecipients", Summary: "Add the people of a CSV file to a campaign",
		Description: aboutFile + " Nobody is added twice: the same file may be sent again. People may be added while a campaign runs." + byWhom,
		BodyLimit:   maxBody, UnreadBody: true, Timeout: fileTime,
	}, fault.Validation, fault.PayloadTooLarge, batchcalls.WrongCampaignState), fileOperation("What became of the file."), func(c echo.Context) error {
		in, err := recipientsIn(c)
		if err != nil {
			return err
		}
		added, err := uc.AddRecipients.Execute(c.Request().Context(), in)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, tertulia.AddedRecipients{
			FileReport: reportIn(c, texts).of(added.Report), Mapping: httpserver.Each(added.Mapping, toAPIColumn), Added: added.Added, Known: added.Known,
			KnownLines: orEmpty(added.KnownLines), DoNotCall: added.DoNotCall, DNCLines: orEmpty(added.DNCLines),
		})
	})
	httpserver.Raw(api, http.MethodPost, "/v1/calls/campaigns/{id}/recipients/preview", campaignSpec(httpserver.Spec{
		ID: "previewCallCampaignRecipients", Summary: "Show what adding a CSV file would do",
		Description: aboutFile + " Nothing is stored." + byWhom,
		BodyLimit:   maxBody, UnreadBody: true, Timeout: fileTime,
	}, fault.Validation, fault.PayloadTooLarge), fileOperation("What would become of the file."), func(c echo.Context) error {
		in, err := recipientsIn(c)
		if err != nil {
			return err
		}
		p, err := uc.Preview.Execute(c.Request().Context(), in)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, tertulia.RecipientsPreview{
			FileReport: reportIn(c, texts).of(p.Report), Mapping: httpserver.Each(p.Mapping, toAPIColumn), Header: p.Header, Sample: orEmpty(p.Sample), People: httpserver.Each(p.Rows, toAPIRow),
		})
	})
}

func recipientsIn(c echo.Context) (batchcallsuc.AddRecipientsInput, error) {
	var in batchcallsuc.AddRecipientsInput
	ref, err := OneBatch{Caller: httpserver.CallerOf(c), ID: c.Param("id")}.campaign()
	if err != nil {
		return in, err
	}
	mapping, err := fileIn(c)
	return batchcallsuc.AddRecipientsInput{CampaignRef: ref, File: c.Request().Body, Mapping: mapping, Region: regionIn(c)}, err
}

func regionIn(c echo.Context) string { return strings.ToUpper(c.QueryParam("region")) }

// fileIn refuses what is sent as something else than a file, and reads the mapping.
func fileIn(c echo.Context) (batchcalls.Mapping, error) {
	sent, _, _ := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	taken := []string{"", "text/csv", "text/plain", "application/csv", "application/vnd.ms-excel", "application/octet-stream"}
	if !slices.Contains(taken, sent) {
		return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	text := c.QueryParam("mapping")
	if text == "" {
		return nil, nil
	}
	var columns []tertulia.FileColumn
	if err := json.Unmarshal([]byte(text), &columns); err != nil {
		var wrong fault.Fields
		wrong.Add("mapping", fault.BadFormat, "expected", `[{"header":"Teléfono","target":"phone"}]`)
		return nil, wrong.Err()
	}
	mapping := make(batchcalls.Mapping, len(columns))
	for i, col := range columns {
		mapping[i] = batchcalls.Column{
			Header: col.Header, Target: batchcalls.Target(col.Target), Name: col.Name, Type: batchcalls.ValueType(col.Type),
		}
	}
	return mapping, nil
}

// reports writes reports of files in a caller's language.
type reports struct {
	texts *catalog.Catalog
	lang  string
}

func reportIn(c echo.Context, texts *catalog.Catalog) reports {
	return reports{texts, httpserver.Language(c.Request().Context())}
}

func (r reports) of(in batchcalls.Report) tertulia.FileReport {
	return tertulia.FileReport{
		Rows: in.Rows, Good: in.Good, Bad: in.Bad, Repeated: in.Repeated, Windows1252: in.Windows1252,
		Problems:   httpserver.Each(in.Problems, r.problem),
		Duplicates: httpserver.Each(in.Duplicates, func(d batchcalls.Duplicate) tertulia.DuplicateRow { return tertulia.DuplicateRow(d) }),
	}
}

func (r reports) problem(p batchcalls.Problem) tertulia.RowProblem {
	return tertulia.RowProblem{Line: p.Line, Field: p.Name, Code: string(p.Rule), Message: r.sentence(p.Field)}
}

func (r reports) sentence(f fault.Field) string {
	return r.texts.Sentence(r.lang, fault.Invalid, f.Rule, f.Params)
}

func toAPIColumn(c batchcalls.Column) tertulia.FileColumn {
	return tertulia.FileColumn{Header: c.Header, Target: string(c.Target), Name: c.Name, Type: string(c.Type)}
}

func toAPIRow(r batchcalls.Row) tertulia.PreviewedRow {
	overrides := r.Overrides
	if overrides == nil {
		overrides = map[string]string{}
	}
	return tertulia.PreviewedRow{Line: r.Line, Phone: string(r.Phone), Variables: r.Variables, Overrides: overrides}
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// fileOperation describes what Raw cannot see.
func fileOperation(answer string) *huma.Operation {
	text := func() *huma.Schema { return &huma.Schema{Type: huma.TypeString} }
	return &huma.Operation{
		Parameters: []*huma.Param{
			{Name: "mapping", In: "query", Description: "What the columns become, JSON: `[{\"header\",\"target\",\"name\",\"type\"}]`.", Schema: text()},
			{Name: "region", In: "query", Description: "Country of numbers without a country code, ISO 3166; the campaign's own without it.", Schema: text(), Example: "MX"},
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"text/csv": {
			Schema: text(), Example: "Nombre,Teléfono\nAna,55 1234 5678\nLuis,+52 55 8765 4321\n",
		}}},
		Responses: map[string]*huma.Response{"200": {
			Description: answer, Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeObject}}},
		}},
	}
}
