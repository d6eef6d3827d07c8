package main

import (
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/cmd/internal/processtest"
	"github.com/tertulia-dev/tertulia/infrastructure/sandbox/sandboxtest"
	"github.com/tertulia-dev/tertulia/pkg/embed/embedtest"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// answering runs a command whose questions are answered so.
func (o office) answering(t *testing.T, answer string, args ...string) (code int, out, complaint string) {
	t.Helper()
	p := processtest.Start(t, o.environ(), append([]string{"calls"}, args...), func(cmd *exec.Cmd) { cmd.Stdin = strings.NewReader(answer) })
	code = p.Exit(t)
	return code, p.Stdout.String(), p.Stderr.String()
}

func TestAParkedBatchIsSentAgainWhenAPersonSaysSo(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t)}
	o.Sandbox.Fault(sandboxtest.Fault{Vendor: "elevenlabs", Path: submitPath, Status: http.StatusServiceUnavailable})
	code, _, told := o.calls(t, list(t, people, "--region", "MX")...)
	require.Equal(t, exitDoubtful, code, told)
	id := batchID.FindString(told)
	code, _, told = o.answering(t, "y\n", "resume", id)
	require.Equal(t, exitDoubtful, code, told)
	require.Contains(t, told, "nobody is called again for it")

	o.Hasten(t, "known to be absent", func() bool {
		b, err := o.Service.BatchCalls.Detail(t.Context(), id)
		require.NoError(t, err)
		return b.Parts[0].Status == "absent"
	})
	_, out, _ := o.calls(t, "status", id)
	require.Contains(t, out, "`tertulia calls resume "+id+"` sends it again")
	for _, answer := range []string{"n\n", "\n", "", "yellow\n"} {
		code, out, told = o.answering(t, answer, "resume", id)
		require.Zero(t, code, told)
		require.Contains(t, out, "part 0  2 people  absent")
		require.Contains(t, out, "2 people were not called. Have them called now? [y/N]")
		require.Contains(t, out, "Nothing was sent")
	}
	require.Equal(t, 1, o.Sandbox.Calls("elevenlabs", "POST "+submitPath))
	code, out, told = o.answering(t, "Yes\n", "resume", id)
	require.Zero(t, code, told)
	require.Contains(t, out, id+" (Cobranza): ")
	o.WaitFor(t, "the provider has it", func() bool {
		b, err := o.Service.BatchCalls.Detail(t.Context(), id)
		require.NoError(t, err)
		return slices.ContainsFunc(b.Parts, func(p tertulia.BatchPart) bool { return p.Status == "accepted" })
	})
	code, _, told = o.calls(t, "resume", id, "--yes")
	require.Equal(t, 1, code)
	require.Contains(t, told, "nothing of "+id+" is left to be sent again")
	require.Equal(t, 2, o.Sandbox.Calls("elevenlabs", "POST "+submitPath))
}

// makes is how a campaign is made of a file.
func makes(t *testing.T, content string, more ...string) []string {
	t.Helper()
	args := append([]string{"campaigns", "create"}, list(t, content)[1:]...)
	return append(args, append([]string{"--region", "mx", "--window", "00:00-24:00"}, more...)...)
}

func TestACampaignIsMadeStartedAndFollowedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t)}
	code, out, told := o.calls(t, makes(t, people, "--consent", "express", "--retry", "no_answer=60,busy=15", "--attempts", "2", "--budget", "60",
		"--days", "mon,tue,wed,thu,fri,sat,sun")...)
	require.Zero(t, code, told)
	require.Contains(t, out, "(Cobranza): a draft with 2 people")
	require.Contains(t, told, "line 4: has the number of line 2 and is left out")
	id := batchID.FindString(out)
	require.Contains(t, out, "`tertulia calls campaigns start "+id+"` starts it")
	c, err := o.Service.Campaigns.Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, []tertulia.RetryRule{
		{Outcome: "busy", AfterMinutes: 15, Times: 1}, {Outcome: "no_answer", AfterMinutes: 60, Times: 1},
	}, c.Retry.Rules)
	require.Equal(t, []any{"express", "MX", int64(60), "24:00"}, []any{c.Consent.Kind, c.DefaultRegion, c.Budget.Minutes, c.Window.End})

	code, out, told = o.calls(t, "campaigns", "start", id)
	require.Zero(t, code, told)
	require.Contains(t, out, id+" (Cobranza): ")
	p := processtest.Start(t, o.environ(), []string{"calls", "campaigns", "watch", id})
	o.Hasten(t, "the campaign is over", func() bool { return strings.Contains(p.Stdout.String(), "completed, 2 of 2 people are done with") })
	require.Zero(t, p.Exit(t), p.Output())
	code, out, told = o.calls(t, "campaigns", "list", "--status", "completed")
	require.Zero(t, code, told)
	require.Regexp(t, `(?m)^`+id+`  Cobranza  completed  2 `, out)
	code, _, told = o.calls(t, "resume", id)
	require.Equal(t, 1, code)
	require.Contains(t, told, "`tertulia calls campaigns resume "+id+"`")
}

func TestACampaignIsPausedResumedAndCancelledFromTheCommandLine(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t, embedtest.WithoutWorker())}
	code, out, told := o.calls(t, makes(t, people, "--consent", "express", "--start")...)
	require.Zero(t, code, told)
	id := batchID.FindString(out)
	for _, step := range []struct{ move, says string }{
		{"pause", ": paused (person), 2 people"}, {"resume", ": in_progress, 2 people"}, {"cancel", ": cancelled, 2 people"},
	} {
		code, out, told = o.calls(t, "campaigns", step.move, id)
		require.Zero(t, code, told)
		require.Contains(t, out, id+" (Cobranza)"+step.says)
	}
	code, _, told = o.calls(t, "campaigns", "resume", id)
	require.Equal(t, 1, code)
	require.Contains(t, told, "while the campaign is cancelled")
	code, out, _ = o.calls(t, "campaigns", "list", "--status", "draft")
	require.Zero(t, code)
	require.NotContains(t, out, "Cobranza")
}

func TestWhatIsWrongWithACampaignIsToldBeforeAnybodyIsCalled(t *testing.T) {
	t.Parallel()
	o := office{embedtest.New(t, embedtest.WithoutWorker())}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"a wrong row":  {makes(t, "nombre,telefono\nAna,+34631021622\nLuis,no tiene\nEva,+34612215815\n"), "line 3: telefono: "},
		"no span":      {makes(t, people, "--window", "mañana"), "as in 09:00-20:00"},
		"no outcome":   {makes(t, people, "--retry", "bored=5"), "retry.rules[0].outcome: "},
		"no offset":    {makes(t, people, "--at", "mañana"), "as in 2026-11-23T09:00:00-06:00"},
		"no such day":  {makes(t, people, "--days", "lunes"), "window.days[0]: "},
		"no such file": {[]string{"campaigns", "create", "nowhere.csv", "--name", "n", "--agent", "a", "--number", "p"}, "nowhere.csv"},
	} {
		code, _, told := o.calls(t, c.args...)
		require.Equal(t, exitWrongFile, code, "%s: %s", name, told)
		require.Contains(t, told, c.says, name)
	}
	code, out, told := o.calls(t, makes(t, people, "--dry-run")...)
	require.Zero(t, code, told)
	require.Contains(t, out, "nothing was sent")
	all, err := o.Service.Campaigns.List(t.Context(), tertulia.CampaignFilter{})
	require.NoError(t, err)
	require.Empty(t, all.Data)

	code, out, told = o.calls(t, makes(t, people)...)
	require.Zero(t, code, told)
	require.Contains(t, out, "It cannot be started: consent.kind: ")
	code, _, told = o.calls(t, makes(t, people, "--start")...)
	require.Equal(t, 1, code)
	require.Contains(t, told, "consent.kind: ")
	require.Contains(t, told, "The draft stays")
	require.Zero(t, o.Sandbox.Calls("elevenlabs", "POST "+submitPath))
}

func TestHowFarACampaignIsIsToldInWords(t *testing.T) {
	t.Parallel()
	provider, budget, said := "provider", "budget", "Invalid API key"
	p := tertulia.CampaignProgress{
		Campaign: tertulia.Campaign{Name: "Citas", Status: "paused", PauseReason: &provider, PauseDetail: &said, Recipients: 12, DoNotCall: 2, Live: 1},
		Counts:   tertulia.CampaignCounts{Waiting: 3, ByStatus: map[string]int{"completed": 2, "busy": 1, "in_progress": 1, "unknown": 2, "do_not_call": 2}},
	}
	s := standingOf(p)
	require.Equal(t, []int{3, 10}, []int{s.done, s.of})
	require.Equal(t, "paused (provider: Invalid API key), 3 of 10 people are done with, 2 were reached, 1 calls are under way, of 2 nobody knows", s.line)
	p.Campaign.Status, p.Campaign.PauseReason, p.Campaign.WaitingFor = "in_progress", nil, &budget
	require.Equal(t, "in_progress (budget)", standingOf(p).status)
}
