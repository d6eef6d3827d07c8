package meetings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func TestWhoMayReadAndWriteAMeeting(t *testing.T) {
	t.Parallel()
	const ws, ana, bea = kernel.WorkspaceID("w1"), kernel.RepID("ana"), kernel.RepID("bea")
	rep := func(id kernel.RepID) kernel.Principal {
		return kernel.Principal{Kind: kernel.Person, Workspace: ws, Rep: id, Role: kernel.Rep}
	}
	sale := meetings.Meeting{Workspace: ws, Type: meetings.Sales, SalesRep: ana}
	booked := meetings.Meeting{Workspace: ws, Type: meetings.Sales, SalesRep: ana, CreatedBy: bea}
	standup := meetings.Meeting{Workspace: ws, Type: meetings.Standup, CreatedBy: ana}

	const ok = fault.Code("")
	for name, c := range map[string]struct {
		who         kernel.Principal
		meeting     meetings.Meeting
		read, write fault.Code
	}{
		"a rep owns her sale":             {rep(ana), sale, ok, ok},
		"a rep owns what she booked":      {rep(bea), booked, ok, ok},
		"another's sale is private":       {rep(bea), sale, fault.ForbiddenCode, fault.ForbiddenCode},
		"another's standup is read-only":  {rep(bea), standup, ok, fault.ForbiddenCode},
		"an admin sees and changes all":   {kernel.Principal{Workspace: ws, Rep: bea, Role: kernel.Admin}, sale, ok, ok},
		"a service acts as the workspace": {kernel.Principal{Kind: kernel.Service, Workspace: ws, Role: kernel.Rep}, sale, ok, ok},
		"a service acting for a rep":      {kernel.Principal{Kind: kernel.Service, Workspace: ws, Rep: bea, Role: kernel.Rep}, sale, fault.ForbiddenCode, fault.ForbiddenCode},
		"Tertulia itself":                 {kernel.System(ws), sale, ok, ok},
		"the scheduler":                   {kernel.Principal{Kind: kernel.Scheduler, Workspace: ws}, standup, fault.ForbiddenCode, fault.ForbiddenCode},
		"nobody":                          {kernel.Principal{Workspace: ws}, meetings.Meeting{Workspace: ws, Type: meetings.General}, fault.ForbiddenCode, fault.ForbiddenCode},
		"another workspace's admin":       {kernel.System("w2"), sale, meetings.MeetingNotFound, meetings.MeetingNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireCode(t, c.read, meetings.CanRead(c.who, c.meeting))
			requireCode(t, c.write, meetings.CanWrite(c.who, c.meeting))
		})
	}
}

func requireCode(t *testing.T, want fault.Code, err error) {
	t.Helper()
	if want == "" {
		require.NoError(t, err)
		return
	}
	require.Error(t, err)
	require.Equal(t, want, fault.CodeOf(err))
}
