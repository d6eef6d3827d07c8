// Package kernel holds the few values every capability speaks in: who acts, in which workspace, with which role,
// and how lists are paged and money is counted. It knows no capability.
package kernel

// Role is the door's floor of an operation and the rank of a person. A higher role may do all that a lower one may.
type Role int

// Roles, in ascending order.
const (
	NoRole Role = iota
	Rep         // works with own meetings
	Admin       // sees and changes everything in the workspace
)

// String returns the role as it is written in configuration and in the document.
func (r Role) String() string {
	switch r {
	case Rep:
		return "rep"
	case Admin:
		return "admin"
	default:
		return "none"
	}
}

// ActorKind tells what sort of actor a Principal is.
type ActorKind int

// Actors.
const (
	Anonymous ActorKind = iota
	Person              // a signed-in person
	Service             // a service key, with or without a rep it acts for
	Scheduler           // the holder of the cron secret
	Machine             // Tertulia itself: jobs, reconcilers
)

// Principal is who asks for something. It is passed as input, never fished out of a context.
type Principal struct {
	Kind      ActorKind
	Workspace WorkspaceID
	Rep       RepID // the rep who acts or is acted for; empty for a service acting as the workspace, a scheduler, a machine
	Email     string
	Name      string
	Role      Role
}

// System is Tertulia itself acting in a workspace: what job handlers run as. It may do everything there.
func System(ws WorkspaceID) Principal {
	return Principal{Kind: Machine, Workspace: ws, Role: Admin}
}

// ActsForWorkspace reports whether the principal stands for the whole workspace and not for one rep.
func (p Principal) ActsForWorkspace() bool {
	return p.Rep == "" && (p.Kind == Machine || p.Kind == Service)
}

// IsAdmin reports whether the principal may see and change everything in its workspace.
func (p Principal) IsAdmin() bool { return p.Role >= Admin }
