package meetings_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/meetings"
)

func requireField(t *testing.T, err error, name string, rule fault.Code) {
	t.Helper()
	e, ok := errors.AsType[*fault.Error](err)
	require.True(t, ok, "want a fault, got %v", err)
	require.Equal(t, fault.Invalid, e.Kind)
	require.Equal(t, fault.Validation, e.Code)
	for _, f := range e.Fields {
		if f.Name == name && f.Rule == rule {
			return
		}
	}
	require.Failf(t, "field not named", "want %s:%s in %v", name, rule, err)
}

func TestAScheduledTimeIsEchoedWithItsOwnOffset(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"2026-05-15T15:00:00-06:00", "2026-05-15T21:00:00Z", "2026-05-16T02:30:00+05:30", "2026-05-15T15:00:00.25-06:00",
	} {
		at, offset, err := meetings.ParseScheduledAt(raw, noon)
		require.NoError(t, err)
		require.Equal(t, time.UTC, at.Location())
		require.Equal(t, raw, meetings.Meeting{ScheduledAt: &at, ScheduledOffset: offset}.ScheduledText())
	}
	require.Empty(t, meetings.Meeting{}.ScheduledText())
}

func TestAScheduledTimeNeedsAnOffsetAndAFuture(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", "mañana", "2026-05-15", "2026-05-15T15:00:00", "2026-05-15 15:00:00Z", "2026-05-15T5:00:00Z", "2026-02-30T15:00:00Z",
	} {
		_, _, err := meetings.ParseScheduledAt(raw, noon)
		requireField(t, err, "scheduledAt", fault.OffsetRequired)
	}
	_, _, err := meetings.ParseScheduledAt("2026-05-15T11:55:00Z", noon)
	require.NoError(t, err, "five minutes late is not late")
	_, _, err = meetings.ParseScheduledAt("2026-05-15T11:54:59Z", noon)
	requireField(t, err, "scheduledAt", fault.InPast)
}

func TestACustomerNeedsANameAndNothingElse(t *testing.T) {
	t.Parallel()
	check := func(c meetings.Customer) error {
		var f fault.Fields
		c.Check(&f, "customerInfo")
		return f.Err()
	}
	require.NoError(t, check(meetings.Customer{ContactName: "Pedro García"}))
	require.NoError(t, check(meetings.Customer{
		ContactName: "Pedro", Company: "Acme S.A.", Email: "pedro@acme.com", Phone: "+52 (55) 1234-5678",
		DealValue: new(50000.0), DealCurrency: "MXN", HubspotContactID: "12345",
	}))
	requireField(t, check(meetings.Customer{}), "customerInfo.contactName", fault.Required)
	for _, c := range []struct {
		customer meetings.Customer
		field    string
		rule     fault.Code
	}{
		{meetings.Customer{Email: "Pedro <pedro@acme.com>"}, "customerInfo.email", fault.BadEmail},
		{meetings.Customer{Email: "pedro@acme"}, "customerInfo.email", fault.BadEmail},
		{meetings.Customer{Phone: "call me"}, "customerInfo.phone", fault.BadFormat},
		{meetings.Customer{DealValue: new(-1.0)}, "customerInfo.dealValue", fault.OutOfRange},
		{meetings.Customer{DealValue: new(math.NaN())}, "customerInfo.dealValue", fault.OutOfRange},
		{meetings.Customer{DealCurrency: "PESOS"}, "customerInfo.dealCurrency", fault.BadFormat},
		{meetings.Customer{DealCurrency: "ZZZ"}, "customerInfo.dealCurrency", fault.BadFormat},
		{meetings.Customer{HubspotContactID: "x/1"}, "customerInfo.hubspotContactId", fault.BadFormat},
	} {
		requireField(t, check(c.customer), c.field, c.rule)
	}
}

func TestAPatchTouchesOnlyWhatItNames(t *testing.T) {
	t.Parallel()
	before := meetings.Customer{ContactName: "Pedro", Company: "Acme", Email: "p@acme.com", DealValue: new(10.0)}
	after := before.Merge(meetings.CustomerPatch{
		Company: meetings.ChangeTo(" Acme S.A. "), Email: meetings.ChangeTo(""), DealCurrency: meetings.ChangeTo("mxn"),
		DealValue: meetings.ChangeTo[*float64](nil),
	})
	require.Equal(t, meetings.Customer{ContactName: "Pedro", Company: "Acme S.A.", DealCurrency: "MXN"}, after)
	require.Equal(t, "Acme", before.Company)
}

func TestValuesAreShownAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]meetings.Customer{
		"$50,000 MXN":    {DealValue: new(50000.0), DealCurrency: "MXN"},
		"$1,234,567.50":  {DealValue: new(1234567.5)},
		"$999 USD":       {DealValue: new(999.0), DealCurrency: "USD"},
		"$1,000 USD":     {DealValue: new(1000.0), DealCurrency: "USD"},
		"$0 MXN":         {DealValue: new(0.0), DealCurrency: "MXN"},
		"":               {DealCurrency: "MXN"},
		"$100,000 MXN":   {DealValue: new(100000.0), DealCurrency: "MXN"},
		"$12,345.10 EUR": {DealValue: new(12345.1), DealCurrency: "EUR"},
	} {
		require.Equal(t, want, c.DealDisplay())
	}
	mexico := time.FixedZone("", -6*3600)
	require.Equal(t, "15 may 2026, 15:00", meetings.DateDisplay(time.Date(2026, 5, 15, 21, 0, 0, 0, time.UTC), mexico))
	require.Equal(t, "31 dic 2026, 23:05", meetings.DateDisplay(time.Date(2027, 1, 1, 5, 5, 0, 0, time.UTC), mexico))
	require.Equal(t, "47 min", meetings.DurationDisplay(47*time.Minute+10*time.Second))
	require.Equal(t, "1 min", meetings.DurationDisplay(5*time.Second))
	require.Equal(t, "1 h 05 min", meetings.DurationDisplay(65*time.Minute))
	require.Empty(t, meetings.DurationDisplay(0))
}
