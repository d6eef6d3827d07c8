package batchcallspg

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/identity/identitypg"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres"
	"github.com/tertulia-dev/tertulia/infrastructure/postgres/pgtest"
	batchcallsuc "github.com/tertulia-dev/tertulia/usecase/batchcalls"
)

// draft stores a campaign in a workspace of its own.
func draft(t *testing.T, db *postgres.DB) batchcalls.CampaignState {
	t.Helper()
	at := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	ws := kernel.WorkspaceID(uuid.NewString())
	require.NoError(t, db.System(t.Context(), func(ctx context.Context) error {
		return identitypg.Workspaces{}.Add(ctx, identity.Workspace{ID: ws, Name: "a", Slug: "a", Timezone: "UTC", Language: "es", CreatedAt: at})
	}))
	settings := batchcalls.DefaultSettings()
	settings.Consent = batchcalls.Consent{Kind: batchcalls.Express, Note: "sí", By: "Ana", At: at}
	settings.Limits = batchcalls.Limits{MaxConcurrent: 3, CallsPerSecond: 0.5, ChunkSize: 2, DailyCalls: 1}
	settings.Retry.Rules = []batchcalls.RetryRule{{Outcome: batchcalls.CallBusy, After: time.Hour, Times: 2}}
	settings.Region, settings.BudgetSeconds, settings.RetentionDays = "MX", 600, 30
	c := batchcalls.CampaignState{
		Batch: batchcalls.Batch{
			ID: batchcalls.BatchID(uuid.NewString()), Workspace: ws, Kind: batchcalls.Campaign, Name: "Cobros", Agent: "a", PhoneNumber: "p",
			Status: batchcalls.Draft, Version: 1, CreatedAt: at, UpdatedAt: at,
		},
		Settings: settings, StartAt: at, PauseReason: batchcalls.PausedByProvider, PauseDetail: "no", ResumedAt: at,
		Bucket: batchcalls.Bucket{Tokens: 1, At: at}, SpentSeconds: 7, Waiting: batchcalls.HeldCap, NextLook: at, EndedAt: at, PurgedAt: at,
	}
	c.PublicID = c.ID.Public()
	require.NoError(t, db.InTx(t.Context(), ws, func(ctx context.Context) error { return Campaigns{}.Add(ctx, c) }))
	return c
}

func TestACampaignIsReadAsItWasStored(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
	require.NoError(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
		stored, err := Campaigns{}.Get(ctx, ref)
		require.NoError(t, err)
		require.Equal(t, c, stored)
		c.Name, c.Agent, c.Status, c.Settings.Breaker, c.SpentSeconds, c.EndedAt = "Otra", "b", batchcalls.Paused, false, 9, time.Time{}
		require.NoError(t, Campaigns{}.Save(ctx, c))
		c.Version++
		stored, err = Campaigns{}.Get(ctx, ref)
		require.Equal(t, c, stored)
		return err
	}))
}

func TestWhoWaitsForACampaignSeesWhatTheOtherHasWritten(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
	var second sync.WaitGroup
	require.NoError(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
		s, err := Campaigns{}.Lock(ctx, ref)
		require.NoError(t, err)
		second.Go(func() {
			require.NoError(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
				s, err := Campaigns{}.Lock(ctx, ref)
				require.EqualValues(t, 77, s.SpentSeconds)
				return err
			}))
		})
		require.Eventually(t, func() bool { return pgtest.Waiting(t, db) == 1 }, waitLimit, tick)
		s.SpentSeconds = 77
		return Campaigns{}.Save(ctx, s)
	}))
	second.Wait()
}

func TestStaleNewsOfAnEarlierCallChangesNothing(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t)
	c := draft(t, db)
	ref := batchcallsuc.BatchRef{Workspace: c.Workspace, ID: c.ID}
	require.NoError(t, db.InTx(t.Context(), c.Workspace, func(ctx context.Context) error {
		person := batchcalls.Person{
			Recipient: batchcalls.Recipient{Batch: c.ID, Phone: "+525510000001", Chunk: -1, Body: []byte(`{}`), Status: batchcalls.CallPending},
			Zones:     []string{"America/Mexico_City"}, DueAt: c.CreatedAt,
		}
		excluded, err := People{}.Append(ctx, ref, []batchcalls.Person{person})
		require.NoError(t, err)
		require.Empty(t, excluded)
		require.NoError(t, People{}.Dispatch(ctx, ref, 1, []int{0}, c.CreatedAt))
		for chunk, want := range []batchcalls.CallStatus{batchcalls.CallPending, batchcalls.CallBusy} {
			require.NoError(t, Recipients{}.Advance(ctx, ref, c.CreatedAt, []batchcallsuc.News{{Chunk: chunk, Status: batchcalls.CallBusy}}))
			stored, err := CampaignReads{}.Person(ctx, ref, 0)
			require.NoError(t, err)
			require.Equal(t, want, stored.Status)
		}
		return nil
	}))
}
