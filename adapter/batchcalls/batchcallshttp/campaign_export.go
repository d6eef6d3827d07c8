package batchcallshttp

import (
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/infrastructure/httpserver"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// exportWithin is how long a reader may take for a piece of an export.
const exportWithin = 30 * time.Second

// fixedColumns are those that every export begins with.
func fixedColumns() []string {
	return []string{
		"position", "line", "phone", "status", "calls", "last_dialled_at", "last_ended_at", "seconds", "conversation_id", "successful", "reason", "summary",
	}
}

// registerExport: GET /v1/calls/campaigns/{id}/export.
func registerExport(api *httpserver.API, q *batchcallsuc.CampaignQueries) {
	httpserver.Raw(api, http.MethodGet, "/v1/calls/campaigns/{id}/export", campaignSpec(httpserver.Spec{
		ID: "exportCallCampaign", Summary: "A campaign as a CSV file, a line a person",
		Description: "UTF-8 with a byte order mark, so that spreadsheets read its accents. The calls' numbers are those of the last call, `seconds` " +
			"of all. Each variable and each thing that the agent found out has a column, `variable.…` and `collected.…`. A cell that a " +
			"spreadsheet would take for a formula (one that begins with =, +, - or @) has an apostrophe in front.",
		Stream: true,
	}), exportOperation(), func(c echo.Context) error {
		ref, err := OneBatch{Caller: httpserver.CallerOf(c), ID: c.Param("id")}.campaign()
		if err != nil {
			return err
		}
		return export(c, q, ref)
	})
}

// export reads the campaign twice: its columns are known when everybody was seen. If writing has begun and reading fails, the
// connection breaks: half a file must not look like a whole one.
func export(c echo.Context, q *batchcallsuc.CampaignQueries, ref batchcallsuc.CampaignRef) error {
	ctx := c.Request().Context()
	variables, collected := map[string]bool{}, map[string]bool{}
	err := q.Export(ctx, ref, func(p batchcallsuc.PersonCalls) error {
		for name := range variablesOf(p.Person.Body) {
			variables[name] = true
		}
		for _, o := range p.Outcomes {
			for name := range o.Collected {
				collected[name] = true
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	s := sheet{variables: slices.Sorted(maps.Keys(variables)), collected: slices.Sorted(maps.Keys(collected))}
	header := c.Response().Header()
	header.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	header.Set(echo.HeaderContentDisposition, fmt.Sprintf(`attachment; filename="campaign-%s.csv"`, ref.PublicID))
	header.Set(echo.HeaderCacheControl, "no-store")
	c.Response().WriteHeader(http.StatusOK)
	out := csv.NewWriter(&timely{c.Response(), http.NewResponseController(c.Response())})
	_, err = c.Response().Write([]byte("\ufeff"))
	if err == nil {
		err = out.Write(s.header())
	}
	if err == nil {
		err = q.Export(ctx, ref, func(p batchcallsuc.PersonCalls) error { return out.Write(s.line(p)) })
	}
	if out.Flush(); err == nil {
		err = out.Error()
	}
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}

// timely bounds each write in time: a stream has no deadline of its own.
type timely struct {
	http.ResponseWriter
	wire *http.ResponseController
}

// Write implements io.Writer.
func (t *timely) Write(p []byte) (int, error) {
	_ = t.wire.SetWriteDeadline(time.Now().Add(exportWithin)) // unsupported outside a real connection
	return t.ResponseWriter.Write(p)
}

// sheet is an export's columns beside those that all have.
type sheet struct{ variables, collected []string }

func (s sheet) header() []string {
	cells := fixedColumns()
	for _, name := range s.variables {
		cells = append(cells, "variable."+name)
	}
	for _, name := range s.collected {
		cells = append(cells, "collected."+name)
	}
	return cells
}

func (s sheet) line(p batchcallsuc.PersonCalls) []string {
	var last batchcalls.Attempt
	seconds := int64(0)
	for _, a := range p.Attempts {
		last, seconds = a, seconds+a.Seconds
	}
	told := toldOf(p)[last.Conversation]
	cells := []string{
		strconv.Itoa(p.Person.Position), strconv.Itoa(p.Person.Line), string(p.Person.Phone), string(p.Person.Status), strconv.Itoa(len(p.Attempts)),
		timeCell(last.DialledAt), timeCell(last.EndedAt), strconv.FormatInt(seconds, 10), last.Conversation, told.Successful, told.Reason, told.Summary,
	}
	variables := variablesOf(p.Person.Body)
	for _, name := range s.variables {
		cell := ""
		if value, ok := variables[name]; ok {
			cell = fmt.Sprint(value)
		}
		cells = append(cells, cell)
	}
	for _, name := range s.collected {
		cells = append(cells, told.Collected[name])
	}
	for i, cell := range cells {
		cells[i] = defused(cell)
	}
	return cells
}

func timeCell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// defused keeps a spreadsheet from taking a cell for a formula (OWASP, "CSV Injection").
func defused(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func exportOperation() *huma.Operation {
	return &huma.Operation{Responses: map[string]*huma.Response{"200": {
		Description: "The file.",
		Content: map[string]*huma.MediaType{"text/csv": {
			Schema: &huma.Schema{Type: huma.TypeString},
			Example: strings.Join(fixedColumns(), ",") + ",variable.nombre\n" +
				"0,2,'+525512345678,completed,1,2026-11-23T15:00:00Z,2026-11-23T15:01:14Z,74,conv_01k9x0,success,,Confirma su cita.,Ana\n",
		}},
	}}}
}
