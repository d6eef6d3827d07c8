package meetings

import (
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

// SeesAll reports whether the principal sees every meeting of its workspace: an admin, Tertulia itself, or a service
// that acts as the workspace.
func SeesAll(p kernel.Principal) bool { return p.IsAdmin() || p.ActsForWorkspace() }

// CanRead returns nil when the principal may see the meeting: own ones, everybody's non-sales ones, all for SeesAll.
// NotFound MEETING_NOT_FOUND across workspaces, Forbidden FORBIDDEN for another rep's sales meeting.
func CanRead(p kernel.Principal, m Meeting) error {
	if p.Workspace != m.Workspace {
		return NotFound()
	}
	if SeesAll(p) || m.Owns(p.Rep) || p.Role >= kernel.Rep && !m.Type.IsSales() {
		return nil
	}
	return fault.New(fault.Forbidden, fault.ForbiddenCode)
}

// CanWrite returns nil when the principal may change the meeting: own ones, all for SeesAll. Errors as CanRead.
// Chatting about a meeting and voting on answers need CanRead only.
func CanWrite(p kernel.Principal, m Meeting) error {
	if p.Workspace != m.Workspace {
		return NotFound()
	}
	if SeesAll(p) || m.Owns(p.Rep) {
		return nil
	}
	return fault.New(fault.Forbidden, fault.ForbiddenCode)
}

// NotFound is the answer for a meeting that is not there, or is another workspace's.
func NotFound() error { return fault.New(fault.NotFound, MeetingNotFound) }

// WrongState is the answer for an operation that the meeting's status does not allow.
func WrongState(s Status) error {
	return fault.New(fault.Conflict, InvalidState).With("status", string(s))
}
