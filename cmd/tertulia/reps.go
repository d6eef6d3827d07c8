package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

func repCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "rep", Short: "Let people of the default workspace in, or no longer"}
	cmd.AddCommand(
		accessCommand("deactivate EMAIL", "End a person's access: the next call is refused, whatever is shown", false),
		accessCommand("activate EMAIL", "Restore a person's access", true),
	)
	return cmd
}

func accessCommand(use, short string, isActive bool) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return administer(cmd.Context(), func(ctx context.Context, app *embed.App, _ embed.Config) error {
				ws, err := app.DefaultWorkspace(ctx)
				if err != nil {
					return err
				}
				rep, err := app.Identity().Queries.AnyRepByEmail(ctx, kernel.System(ws), args[0])
				if err != nil {
					return err
				}
				rep, err = app.Identity().ChangeRep.Execute(ctx, identityuc.ChangeRepInput{
					Principal: kernel.System(ws), Rep: rep.ID, IsActive: &isActive,
				})
				if err != nil {
					return err
				}
				cmd.Printf("%s is %s.\n", rep.Email, map[bool]string{true: "active", false: "deactivated"}[rep.Active()])
				return nil
			})
		},
	}
}
