package identitypg

import (
	"context"
	"fmt"
	"time"

	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

var _ identityuc.AdminAccess = AdminAccess{}

// AdminAccess implements identityuc.AdminAccess. Adding sweeps away what has ended.
type AdminAccess struct{}

// AddLink implements identityuc.AdminAccess.
func (AdminAccess) AddLink(ctx context.Context, link identity.AdminLink) error {
	stale := link.ExpiresAt.Add(-2 * identity.LinkLifetime)
	_, err := postgres.Conn(ctx).NewDelete().Model((*linkRow)(nil)).
		Where("workspace_id = ? AND expires_at < ?", link.Workspace, stale).Exec(ctx)
	if err != nil {
		return fmt.Errorf("sweep admin links: %w", err)
	}
	row := &linkRow{Hash: link.Hash[:], Workspace: link.Workspace, Rep: link.Rep, ExpiresAt: link.ExpiresAt}
	if _, err := postgres.Conn(ctx).NewInsert().Model(row).Exec(ctx); err != nil {
		return fmt.Errorf("add admin link: %w", err)
	}
	return nil
}

// Redeem implements identityuc.AdminAccess. The update is what makes a link work once, however many try at once.
func (AdminAccess) Redeem(ctx context.Context, hash identity.Hash, at time.Time) (identity.AdminLink, bool, error) {
	var row linkRow
	found, err := one(postgres.Conn(ctx).NewUpdate().Model(&row).
		Set("redeemed_at = ?", at).Where("hash = ? AND redeemed_at IS NULL AND expires_at > ?", hash[:], at).
		Returning("*").Scan(ctx), "redeem admin link")
	link := identity.AdminLink{Hash: hash, Workspace: row.Workspace, Rep: row.Rep, ExpiresAt: row.ExpiresAt}
	return link, found, err
}

// AddSession implements identityuc.AdminAccess.
func (AdminAccess) AddSession(ctx context.Context, s identity.AdminSession) error {
	ended := s.ExpiresAt.Add(-identity.SessionLifetime)
	_, err := postgres.Conn(ctx).NewDelete().Model((*sessionRow)(nil)).
		Where("workspace_id = ? AND expires_at < ?", s.Workspace, ended).Exec(ctx)
	if err != nil {
		return fmt.Errorf("sweep admin sessions: %w", err)
	}
	row := &sessionRow{Hash: s.Hash[:], Workspace: s.Workspace, Rep: s.Rep, ExpiresAt: s.ExpiresAt}
	if _, err := postgres.Conn(ctx).NewInsert().Model(row).Exec(ctx); err != nil {
		return fmt.Errorf("add admin session: %w", err)
	}
	return nil
}

// FindSession implements identityuc.AdminAccess.
func (AdminAccess) FindSession(ctx context.Context, hash identity.Hash, at time.Time) (identity.AdminSession, bool, error) {
	var row sessionRow
	found, err := one(postgres.Conn(ctx).NewSelect().Model(&row).
		Where("hash = ? AND expires_at > ?", hash[:], at).Scan(ctx), "find admin session")
	s := identity.AdminSession{Hash: hash, Workspace: row.Workspace, Rep: row.Rep, ExpiresAt: row.ExpiresAt}
	return s, found, err
}
