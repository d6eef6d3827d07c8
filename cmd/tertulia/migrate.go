package main

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/migrations"
	"github.com/tertulia-dev/tertulia/pkg/embed"
)

func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use: "migrate", Short: "Bring the database at DATABASE_URL up to date", Args: cobra.NoArgs,
		Long: "Runs every migration that has not run yet, under an advisory lock: of several at once one works and the others wait.",
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := embed.ConfigFrom(os.Environ())
			if err != nil {
				return err
			}
			if cfg.Stores.DatabaseURL == "" {
				return errors.New("migrate: DATABASE_URL must be set")
			}
			if err := postgres.Migrate(cmd.Context(), cfg.Stores.DatabaseURL.Reveal(), migrations.FS); err != nil {
				return err
			}
			cmd.Println("The database is up to date.")
			return nil
		},
	}
}
