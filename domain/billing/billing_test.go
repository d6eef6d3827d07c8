package billing_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/billing"
	"github.com/tertulia-dev/tertulia/domain/fault"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestAPriceIsExactToTheMicroDollar(t *testing.T) {
	t.Parallel()
	hour := billing.Price{Amount: 500_000, Per: 3600}
	for quantity, want := range map[int64]billing.Micros{0: 0, -5: 0, 1: 139, 3600: 500_000, 5400: 750_000} {
		require.Equal(t, want, hour.Of(quantity), quantity)
	}
	tiny := billing.Price{Amount: 10_000, Per: 1_000_000}
	require.Equal(t, billing.Micros(1), tiny.Of(50), "half a micro-dollar is rounded up")
	require.Zero(t, tiny.Of(49))
	require.Equal(t, billing.Micros(math.MaxInt64), billing.Price{Amount: math.MaxInt64, Per: 1}.Of(2), "it does not wrap round")
	require.Equal(t, billing.Micros(math.MaxInt64), billing.Price{Amount: math.MaxInt64, Per: math.MaxInt64}.Of(math.MaxInt64))
	require.Equal(t, "0.065130", billing.Micros(65_130).String())
	require.Equal(t, "-1.000001", billing.Micros(-1_000_001).String())
}

func TestThePublishedHourCostsWhatTheVendorsSay(t *testing.T) {
	t.Parallel()
	prices, err := billing.Published()
	require.NoError(t, err)
	now := day("2026-11-21")
	cost := func(kind billing.Kind, resource string, quantity int64) billing.Micros {
		price, ok := prices.Find(kind, resource, now)
		require.True(t, ok, "%s of %s", kind, resource)
		require.NotEmpty(t, price.Source)
		require.False(t, price.AsOf.IsZero())
		return price.Of(quantity)
	}
	require.Equal(t, billing.Micros(500_000), cost(billing.Notetaker, "recall.ai", 3600))
	require.Equal(t, billing.Micros(150_000), cost(billing.Transcription, "recall.ai", 3600))
	require.Equal(t, billing.Micros(62_500), cost(billing.ModelInput, "gpt-4o", 17_000)+cost(billing.ModelOutput, "gpt-4o-2024-08-06", 2_000))
	require.Equal(t, billing.Micros(21_000), cost(billing.Storage, "media", 30*1_000_000_000), "a gigabyte for a month")
	require.Equal(t, billing.Micros(2_550), cost(billing.ModelInput, "gpt-4o-mini-2024-07-18", 17_000))
	_, ok := prices.Find(billing.ModelInput, "llama-3", now)
	require.False(t, ok, "a model of one's own has no published price")
}

func TestThePriceOfTheDayIsTaken(t *testing.T) {
	t.Parallel()
	list, err := billing.ParsePrices([]byte(`[
		{"kind": "model_input_tokens", "resource": "m", "micros": 2, "per": 1, "asOf": "2026-06-01", "source": "x"},
		{"kind": "model_input_tokens", "resource": "m", "micros": 3, "per": 1, "asOf": "2026-09-01", "source": "x"},
		{"kind": "model_input_tokens", "resource": "m", "micros": 1, "per": 1, "asOf": "2026-01-01", "source": "x"}]`))
	require.NoError(t, err)
	for at, want := range map[string]billing.Micros{"2025-01-01": 1, "2026-01-01": 1, "2026-08-31": 2, "2026-09-01": 3, "2027-01-01": 3} {
		price, ok := list.Find(billing.ModelInput, "m", day(at))
		require.True(t, ok)
		require.Equal(t, want, price.Amount, at)
	}
}

func TestAPriceWithoutSourceOrDayIsRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		`{`, `[{"kind": "model_input_tokens", "resource": "m", "micros": 2, "per": 1, "asOf": "2026-06-01"}]`,
		`[{"kind": "model_input_tokens", "resource": "m", "micros": 2, "per": 1, "source": "x"}]`,
		`[{"kind": "hours", "resource": "m", "micros": 2, "per": 1, "asOf": "2026-06-01", "source": "x"}]`,
		`[{"kind": "model_input_tokens", "resource": "m", "micros": 2, "per": 0, "asOf": "2026-06-01", "source": "x"}]`,
	} {
		_, err := billing.ParsePrices([]byte(bad))
		require.Error(t, err, bad)
	}
}

func TestAMonthBeginsWhereTheZonesClocksSaySo(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("America/Mexico_City")
	require.NoError(t, err)
	p, err := billing.Month("2026-12", zone)
	require.NoError(t, err)
	require.Equal(t, "2026-12-01T06:00:00Z", p.From.UTC().Format(time.RFC3339))
	require.Equal(t, "2027-01-01T06:00:00Z", p.To.UTC().Format(time.RFC3339))
	for _, bad := range []string{"", "2026", "2026-13", "noviembre", "2026-11-01"} {
		_, err := billing.Month(bad, zone)
		require.Equal(t, fault.Validation, fault.CodeOf(err), bad)
	}
}

func TestMeansOfNothingAreNothing(t *testing.T) {
	t.Parallel()
	require.Zero(t, billing.Average{}.PerMeeting())
	require.Zero(t, billing.Average{Amount: 5}.PerHour())
	a := billing.Average{Meetings: 3, Amount: 1_000_000, Seconds: 7200}
	require.Equal(t, billing.Micros(333_333), a.PerMeeting())
	require.Equal(t, billing.Micros(500_000), a.PerHour())
}
