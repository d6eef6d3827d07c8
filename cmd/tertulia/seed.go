package main

import (
	"context"

	"github.com/tertulia-dev/tertulia/adapter/identity/identityhttp"
	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/pkg/embed"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
	identityuc "github.com/tertulia-dev/tertulia/usecase/identity"
)

// seed makes the default workspace with the demonstration's seller as its administrator, unless there is one.
func seed(ctx context.Context, app *embed.App, cfg embed.Config) error {
	_, err := app.DefaultWorkspace(ctx)
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		return err
	}
	_, _, err = app.Identity().CreateWorkspace.Execute(ctx, identityuc.CreateWorkspaceInput{
		Name: "Andamio", Slug: "andamio", Timezone: cfg.Workspace.Timezone.String(), Language: cfg.Workspace.Language,
		IsDefault: true, AdminEmail: demo.RepEmail, AdminName: demo.RepName,
	})
	return err
}

// dashboardLink makes a one-time link into the queue dashboard.
func dashboardLink(ctx context.Context, app *embed.App, publicURL string) (string, error) {
	ws, err := app.DefaultWorkspace(ctx)
	if err != nil {
		return "", err
	}
	token, err := app.Identity().CreateAdminLink.Execute(ctx, identityuc.CreateAdminLinkInput{Workspace: ws})
	if err != nil {
		return "", err
	}
	return identityhttp.LoginURL(publicURL, token), nil
}
