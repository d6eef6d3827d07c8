package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/cmd/internal/processtest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

const submitPath = "/v1/convai/batch-calling/submit"

// office is a system, and a command line that talks to it.
type office struct{ *embedtest.System }

func (o office) environ() []string {
	return []string{"TERTULIA_URL=" + o.URL, "SERVICE_API_KEY=" + embedtest.ServiceKey}
}

// calls runs a command to its end.
func (o office) calls(t *testing.T, args ...string) (code int, out, complaint string) {
	t.Helper()
	p := processtest.Start(t, o.environ(), append([]string{"calls"}, args...))
	code = p.Exit(t)
	return code, p.Stdout.String(), p.Stderr.String()
}

// list writes a file of people, and returns how it is submitted.
func list(t *testing.T, content string, more ...string) []string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "clientes.csv")
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return append([]string{"submit", path, "--name", "Cobranza", "--agent", "agent_1", "--number", "phnum_1"}, more...)
}

var batchID = regexp.MustCompile(`btcal_[0-9a-z]+`)

const people = "Nombre;Teléfono;Saldo\nAna;55 1234 5678;100\nLuis;+52 55 8765 4321;200\nAna otra vez;5512345678;300\n"

func TestAFileIsSubmittedFollowedAndStoppedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t)}

	code, out, told := o.calls(t, list(t, people, "--region", "mx", "--at", "2030-01-01T09:00:00-06:00")...)
	require.Zero(t, code, told)
	require.Contains(t, told, "line 4: has the number of line 2 and is left out")
	require.Contains(t, out, "(Cobranza): 2 people are called from 2030-01-01T09:00:00-06:00")
	id := batchID.FindString(out)
	page, err := o.Service.BatchCalls.Recipients(t.Context(), id, tertulia.BatchCallFilter{})
	require.NoError(t, err)
	require.Equal(t, "+525512345678", page.Data[0].Phone)
	require.Equal(t, map[string]any{"Nombre": "Ana", "Saldo": "100"}, page.Data[0].Variables)

	code, out, _ = o.calls(t, "status", id, "--recipients")
	require.Zero(t, code)
	require.Contains(t, out, "pending, 0 of 2 calls have ended, 0 were begun")
	require.Contains(t, out, "+525587654321 pending")

	code, out, _ = o.calls(t, "cancel", id)
	require.Zero(t, code)
	require.Contains(t, out, "cancelled, 0 of 2 calls had ended")
	code, out, _ = o.calls(t, "watch", id)
	require.Zero(t, code)
	require.Regexp(t, `^\d\d:\d\d:\d\d cancelled, 0 of 2 calls have ended, 0 were begun\n$`, out)
	code, _, told = o.calls(t, "cancel", id)
	require.Equal(t, 1, code)
	require.Contains(t, told, "Error al cancelar batch de llamadas")
}

func TestColumnsAreNamedOnTheCommandLine(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t, embedtest.WithoutWorker())}
	columns := []string{"--region", "MX", "--map", "phone=Teléfono,cliente=Nombre,first_message=Saldo", "--force"}

	code, out, told := o.calls(t, list(t, people, append(columns, "--dry-run")...)...)
	require.Zero(t, code, told)
	require.Contains(t, out, `column "Teléfono" is the phone`)
	require.Contains(t, out, "+525512345678 cliente=Ana\n")
	require.Contains(t, out, "2 people would be called; nothing was sent")
	require.Zero(t, o.Sandbox.Calls("elevenlabs", "POST "+submitPath))

	code, out, told = o.calls(t, list(t, people, columns...)...)
	require.Zero(t, code, told)
	b, err := o.Service.BatchCalls.Get(t.Context(), batchID.FindString(out))
	require.NoError(t, err)
	require.JSONEq(t, `{"dynamic_variables":{"cliente":"Ana"},"conversation_config_override":{"agent":{"first_message":"100"}}}`,
		string(b.Recipients[0].ClientData))
}

func TestAWrongFileIsToldByItsLinesAndNothingIsSent(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t, embedtest.WithoutWorker())}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"a wrong row":      {list(t, "nombre,telefono\nAna,+34631021622\nLuis,no tiene\nEva,+34612215815\n"), "line 3: telefono: "},
		"no phones":        {list(t, "nombre,ciudad\nAna,Lima\n"), "the file cannot be used"},
		"no such column":   {list(t, people, "--map", "phone=Celular"), "--map …=Celular: "},
		"nobody":           {list(t, "nombre,telefono\n"), "nobody to call"},
		"no offset":        {list(t, people, "--at", "2030-01-01 09:00"), "as in 2026-11-23T09:00:00-06:00"},
		"no file":          {[]string{"submit", "nowhere.csv", "--name", "n", "--agent", "a", "--number", "p"}, "nowhere.csv"},
		"national numbers": {list(t, "telefono\n5512345678\n"), "line 2: telefono: "},
	} {
		code, _, told := o.calls(t, c.args...)
		require.Equal(t, exitWrongFile, code, "%s: %s", name, told)
		require.Contains(t, told, c.says, name)
	}
	require.Zero(t, o.Sandbox.Calls("elevenlabs", "POST "+submitPath))

	code, out, told := o.calls(t, list(t, "nombre,telefono\nAna,+34631021622\nLuis,no tiene\nEva,+34612215815\n", "--skip-bad-rows")...)
	require.Zero(t, code, told)
	require.Contains(t, out, "2 people are called")
}

func TestACommandTellsWhetherAnybodyMayHaveBeenCalled(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t, embedtest.WithoutWorker())}
	o.Sandbox.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Path: submitPath, Drop: "after"})
	code, _, told := o.calls(t, list(t, people, "--region", "MX")...)
	require.Equal(t, exitDoubtful, code, told)
	id := batchID.FindString(told)
	require.NotEmpty(t, id)
	require.Contains(t, told, "Do not submit the list again")
	_, out, _ := o.calls(t, "status", id)
	require.Contains(t, out, "part 0")
	require.Contains(t, out, "nobody is called again for it")

	o.Sandbox.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Path: submitPath, Status: http.StatusPaymentRequired})
	code, _, told = o.calls(t, list(t, people, "--region", "MX", "--force")...)
	require.Equal(t, 1, code, told)
	require.Contains(t, told, "Nobody was called")
}

func TestWithoutAServerTheCommandSaysWhatToSet(t *testing.T) {
	t.Parallel()
	require.Contains(t, refused(t, []string{"DATA_DIR=" + t.TempDir()}, "calls", "status", "btcal_1"), "set TERTULIA_URL and SERVICE_API_KEY")
	o := office{embedtest.New(t, embedtest.WithoutWorker())}
	code, _, told := o.calls(t, "watch", "btcal_1")
	require.Equal(t, 1, code)
	require.Contains(t, told, "calls: ")
	require.Contains(t, refused(t, []string{"TERTULIA_URL=" + o.URL, "SERVICE_API_KEY=wrong"}, "calls", "status", "btcal_1"), "calls: ")
}

func TestABarIsDrawnOnATerminal(t *testing.T) {
	t.Parallel()
	var drawn bytes.Buffer
	show := onTerminal(&drawn)
	show(standing{name: "Cobranza", status: "in_progress", done: 4, of: 8})
	show(standing{name: "Cobranza", status: "completed", done: 8, of: 8, line: "completed, 8 of 8 calls have ended, 8 were begun", isOver: true})
	require.Contains(t, drawn.String(), "Cobranza in_progress  50%")
	require.Contains(t, drawn.String(), "(8/8)")
	require.Contains(t, drawn.String(), "\ncompleted, 8 of 8 calls have ended, 8 were begun\n")
}
