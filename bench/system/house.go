package main

import (
	"context"

	"github.com/tertulia-dev/tertulia/bench/internal/rig"
	"github.com/tertulia-dev/tertulia/pkg/embed/demo"
	"github.com/tertulia-dev/tertulia/pkg/tertulia"
)

// house is one measurement's own.
type house struct{ *rig.House }

func (b *bench) newHouse(ctx context.Context, name string) (house, error) {
	h, err := b.stores.House(ctx, rig.Plan{Name: name, Profiles: b.profiles})
	return house{h}, err
}

func (h house) client(system *rig.Child) *tertulia.Client {
	return tertulia.New(system.URL, tertulia.WithAPIKey(rig.ServiceKey), tertulia.WithSalesRep(demo.RepEmail))
}
