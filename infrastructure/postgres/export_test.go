package postgres

import "context"

// OpenAs is Open with another app role.
func OpenAs(ctx context.Context, cfg Config, role string) (*DB, error) {
	return open(ctx, cfg.withDefaults(), role)
}
