package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/infrastructure/config"
	"github.com/tertulia-dev/tertulia/infrastructure/telemetry"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func adminCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "admin", Short: "Administer an installation",
		Long: "Works on the database at DATABASE_URL; without one, on the data of a running `tertulia dev`.",
	}
	cmd.AddCommand(initCommand(), linkCommand(), keyCommand(), repCommand(), jobsCommand())
	return cmd
}

// administer gives fn the wired system. It opens no port and runs no job.
func administer(ctx context.Context, fn func(ctx context.Context, app *embed.App, cfg embed.Config) error) error {
	cfg, err := embed.ConfigFrom(os.Environ())
	if err != nil {
		return err
	}
	if cfg.Stores.DatabaseURL == "" {
		if err := adoptDev(&cfg); err != nil {
			return err
		}
	}
	if cfg.Stores.RedisURL == "" {
		return errors.New("admin: REDIS_URL must be set beside DATABASE_URL")
	}
	given := cfg
	forget, err := standIn(&cfg)
	if err != nil {
		return err
	}
	defer forget()
	logger := telemetry.NewLogger(devLevel(cfg.Telemetry.LogLevel), os.Stderr)
	telemetry.AdoptRedis(logger)
	app, cleanup, err := embed.New(ctx, cfg, embed.Options{Logger: logger})
	if err != nil {
		return err
	}
	defer cleanup()
	return fn(ctx, app, given)
}

// standIn fills what the system cannot be made without and no command of an administrator uses: media and the notetaker's
// vendor. What it makes is gone after forget.
func standIn(cfg *embed.Config) (forget func(), err error) {
	dir, err := os.MkdirTemp("", "tertulia-admin-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for this command: %w", err)
	}
	cfg.Supabase = config.Supabase{}
	cfg.Stores.DataDir, cfg.Stores.MediaSecret = dir, config.Secret(newSecret("MEDIA_SIGNING_SECRET"))
	cfg.HTTP.PublicURL, cfg.Recall.APIKey = "http://unused.invalid", "unused"
	return func() { _ = os.RemoveAll(dir) }, nil
}

func initCommand() *cobra.Command {
	var in identityuc.CreateWorkspaceInput
	cmd := &cobra.Command{
		Use: "init", Short: "Make the first workspace and its administrator", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return administer(cmd.Context(), func(ctx context.Context, app *embed.App, cfg embed.Config) error {
				in.IsDefault, in.Language = true, cfg.Workspace.Language
				if in.Timezone == "" {
					in.Timezone = cfg.Workspace.Timezone.String()
				}
				ws, rep, err := app.Identity().CreateWorkspace.Execute(ctx, in)
				if err != nil {
					return err
				}
				cmd.Printf("Workspace %s (%s), administrator %s.\n", ws.Name, ws.ID, rep.Email)
				return nil
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&in.Name, "name", "", "the company's name (required)")
	flags.StringVar(&in.Slug, "slug", "", "short name, as in acme (required)")
	flags.StringVar(&in.AdminEmail, "email", "", "the administrator's e-mail address (required)")
	flags.StringVar(&in.AdminName, "admin-name", "", "the administrator's name")
	flags.StringVar(&in.Timezone, "timezone", "", "IANA time zone (WORKSPACE_TIMEZONE)")
	for _, name := range []string{"name", "slug", "email"} {
		_ = cmd.MarkFlagRequired(name) // fails only for a flag that is not there
	}
	return cmd
}

func linkCommand() *cobra.Command {
	return &cobra.Command{
		Use: "link", Short: "Print a one-time link into the queue dashboard", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return administer(cmd.Context(), func(ctx context.Context, app *embed.App, cfg embed.Config) error {
				if cfg.HTTP.PublicURL == "" {
					return errors.New("admin link: PUBLIC_URL must be set beside DATABASE_URL")
				}
				link, err := dashboardLink(ctx, app, cfg.HTTP.PublicURL)
				if err != nil {
					return err
				}
				cmd.Println(link)
				return nil
			})
		},
	}
}
