package identityuc

import "github.com/tertulia-dev/tertulia/usecase/port"

// Ports is what the use cases work on.
type Ports struct {
	Tx         port.Transactor
	Reader     port.Reader
	Outside    Outside
	Workspaces Workspaces
	Reps       Reps
	RepWriter  RepWriter
	Keys       Keys
	Owners     CRMOwners
	Access     AdminAccess
	Changes    Changes
	Clock      port.Clock
	IDs        port.IDs
	Verifiers  []TokenVerifier
}

// UseCases is everything that the capability does.
type UseCases struct {
	Directory         *Directory
	Authenticate      *Authenticate
	ProvisionRep      *ProvisionRep
	UpdateMe          *UpdateMe
	ChangeRep         *ChangeRep
	ChooseOwner       *ChooseOwner
	OwnerLinks        *OwnerLinks
	CreateWorkspace   *CreateWorkspace
	CreateAPIKey      *CreateAPIKey
	RevokeAPIKey      *RevokeAPIKey
	CreateAdminLink   *CreateAdminLink
	RedeemAdminLink   *RedeemAdminLink
	AuthenticateAdmin *AuthenticateAdmin
	Queries           *Queries
}

// New makes the use cases.
func New(p Ports, access Access) *UseCases {
	directory := NewDirectory(p.Outside, p.Reader, p.Workspaces, p.Reps, p.Keys, p.Clock)
	provision := NewProvisionRep(p.Tx, p.Reps, directory, p.Clock, p.IDs)
	links := NewOwnerLinks(p.Tx, p.Reader, directory, p.Reps, p.RepWriter, p.Owners)
	return &UseCases{
		Directory:         directory,
		Authenticate:      NewAuthenticate(directory, provision, access, p.Verifiers...),
		ProvisionRep:      provision,
		UpdateMe:          NewUpdateMe(p.Tx, p.RepWriter, p.Changes),
		ChangeRep:         NewChangeRep(p.Tx, p.RepWriter, p.Changes, p.Clock),
		ChooseOwner:       NewChooseOwner(p.Tx, p.RepWriter, p.Owners, links),
		OwnerLinks:        links,
		CreateWorkspace:   NewCreateWorkspace(p.Outside, p.Workspaces, p.Reps, p.Clock, p.IDs),
		CreateAPIKey:      NewCreateAPIKey(p.Tx, p.Keys, p.Clock, p.IDs),
		RevokeAPIKey:      NewRevokeAPIKey(p.Tx, p.Keys, p.Changes, p.Clock),
		CreateAdminLink:   NewCreateAdminLink(p.Tx, p.RepWriter, p.Access, p.Clock),
		RedeemAdminLink:   NewRedeemAdminLink(p.Outside, p.Reps, p.Access, p.Clock),
		AuthenticateAdmin: NewAuthenticateAdmin(p.Outside, p.Reps, p.Access, p.Clock),
		Queries:           NewQueries(p.Reader, p.Workspaces, p.Reps, p.Keys),
	}
}
