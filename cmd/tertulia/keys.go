package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func keyCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "key", Short: "Make and revoke API keys of the default workspace"}
	cmd.AddCommand(createKeyCommand(), revokeKeyCommand())
	return cmd
}

func createKeyCommand() *cobra.Command {
	var admin bool
	cmd := &cobra.Command{
		Use: "create NAME", Short: "Make an API key and print it, this once", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return administer(cmd.Context(), func(ctx context.Context, app *embed.App, _ embed.Config) error {
				ws, err := app.DefaultWorkspace(ctx)
				if err != nil {
					return err
				}
				in := identityuc.CreateAPIKeyInput{Principal: kernel.System(ws), Name: args[0], Role: kernel.Rep}
				if admin {
					in.Role = kernel.Admin
				}
				key, secret, err := app.Identity().CreateAPIKey.Execute(ctx, in)
				if err != nil {
					return err
				}
				cmd.Printf("%s\n(its ID, to revoke it: %s)\n", secret, key.ID)
				return nil
			})
		},
	}
	cmd.Flags().BoolVar(&admin, "admin", false, "the key may do what an administrator may")
	return cmd
}

func revokeKeyCommand() *cobra.Command {
	return &cobra.Command{
		Use: "revoke ID", Short: "Revoke an API key: its next use is refused everywhere", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return administer(cmd.Context(), func(ctx context.Context, app *embed.App, _ embed.Config) error {
				ws, err := app.DefaultWorkspace(ctx)
				if err != nil {
					return err
				}
				id, err := kernel.ParseID[identity.KeyID](args[0])
				if err != nil {
					return err
				}
				if err := app.Identity().RevokeAPIKey.Execute(ctx, identityuc.RevokeAPIKeyInput{Principal: kernel.System(ws), Key: id}); err != nil {
					return err
				}
				cmd.Printf("Key %s is revoked.\n", id)
				return nil
			})
		},
	}
}
