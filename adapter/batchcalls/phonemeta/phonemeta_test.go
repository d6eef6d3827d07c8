package phonemeta_test

import (
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/adapter/batchcalls/phonemeta"
	"github.com/tertulia-dev/tertulia/domain/batchcalls"
)

func TestSpellingsOfOneNumberAreOnePerson(t *testing.T) {
	t.Parallel()
	m := phonemeta.New()
	for want, spellings := range map[string][][2]string{
		"+525512345678": {
			{"+525512345678", ""},
			{"+52 1 55 1234 5678", ""},
			{"5215512345678", "MX"},
			{"525512345678", "mx"},
			{"55 1234-5678", "MX"},
			{"044 55 1234 5678", "MX"},
			{"045 55 1234 5678", "MX"},
			{"01 55 1234 5678", "MX"},
			{"0052 55 1234 5678", "MX"},
			{"p:+5215512345678", ""},
			{"tel:+52-55-1234-5678", ""},
			{"'+525512345678", ""},
			{"+52 (55) 1234.5678", "US"},
			{"\u202a+52\u00a055 1234 5678\u202c", ""},
			{"＋５２５５１２３４５６７８", ""},
		},
		"+5491123456789": {
			{"011 15 2345-6789", "AR"}, {"+54 9 11 2345 6789", ""}, {"+54 11 15 2345 6789", ""}, {"9 11 2345 6789", "AR"},
		},
		"+541123456789":  {{"11 2345 6789", "AR"}, {"+54 11 2345-6789", ""}},
		"+5511987654321": {{"(11) 98765-4321", "BR"}, {"011 98765-4321", "BR"}, {"+55 11 98765 4321", ""}},
		"+34631021622":   {{"631 02 16 22", "ES"}, {"0034 631021622", "ES"}, {"+34 631 021 622", ""}},
		"+390612345678":  {{"06 1234 5678", "IT"}},
		"+12025550123":   {{"(202) 555-0123", "US"}, {"1 202 555 0123", "US"}},
	} {
		for _, s := range spellings {
			e164, ok := m.Normalize(s[0], s[1])
			require.True(t, ok, "%q in %q", s[0], s[1])
			require.Equal(t, want, e164, "%q in %q", s[0], s[1])
		}
	}
}

func TestWhatNobodyCanBeCalledByIsNoPhone(t *testing.T) {
	t.Parallel()
	m := phonemeta.New()
	for _, s := range [][2]string{
		{"", "MX"},
		{"Ana", "MX"},
		{"12345", "MX"},
		{"5512345678", ""},
		{"+0987654321", ""},
		{"+525512345678 ext 5", ""},
		{"+52551234567", ""},
		{"+525512345678;ext=5", ""},
		{"1-800-FLOWERS", "US"},
		{"5.25512E+11", "MX"},
		{"+9995512345678", ""},
		{"(11) 8765-4321", "BR"},
		{"5512345678", "XX"},
		{"+52", ""},
		{"+1 555 123 4567", ""},
	} {
		e164, ok := m.Normalize(s[0], s[1])
		require.False(t, ok, "%q in %q is %s", s[0], s[1], e164)
		require.Empty(t, e164)
	}
}

func TestANumberIsInEveryZoneWhereItMayRing(t *testing.T) {
	t.Parallel()
	m := phonemeta.New()
	for phone, want := range map[batchcalls.Phone][]string{
		"+525512345678":  {"America/Mexico_City"},
		"+526641234567":  {"America/Tijuana"},
		"+5592987654321": {"America/Manaus"},
		"+12125550123":   {"America/New_York"},
		"+80012345678":   nil, // of no country
		"+0987654321":    nil,
	} {
		require.Equal(t, want, names(t, m, phone), "%s", phone)
	}
	for phone, among := range map[batchcalls.Phone][]string{
		"+61412345678":   {"Australia/Sydney", "Australia/Perth"}, // an Australian mobile may be anywhere there
		"+79161234567":   {"Europe/Moscow", "Asia/Vladivostok", "Europe/Bucharest"},
		"+18003569377":   {"America/New_York", "America/Los_Angeles", "Pacific/Honolulu"},
		"+34631021622":   {"Europe/Madrid", "Atlantic/Canary"},
		"+6281234567890": {"Asia/Jakarta", "Asia/Jayapura"},
	} {
		require.Subset(t, names(t, m, phone), among, "%s", phone)
	}
	require.NotContains(t, names(t, m, "+61298765432"), "Australia/Perth", "a landline of Sydney is there")
}

func TestAnAustralianMobileIsNotCalledWhilePerthSleeps(t *testing.T) {
	t.Parallel()
	zones, err := phonemeta.New().Zones("+61412345678")
	require.NoError(t, err)
	require.False(t, batchcalls.DefaultWindow().Open(time.Date(2026, 7, 1, 22, 0, 0, 0, time.UTC), zones), "8:00 in Sydney, 6:00 in Perth")
	require.True(t, batchcalls.DefaultWindow().Open(time.Date(2026, 7, 1, 3, 0, 0, 0, time.UTC), zones))
}

func TestARegionAndWhetherANumberCanExist(t *testing.T) {
	t.Parallel()
	m := phonemeta.New()
	for phone, want := range map[batchcalls.Phone]struct {
		region string
		valid  bool
	}{
		"+525512345678": {"MX", true}, "+12025550123": {"US", true}, "+16135550123": {"CA", true}, "+80012345678": {"", true},
		"+0987654321": {"", false}, "+1202555012": {"", false},
	} {
		require.Equal(t, want.region, m.Region(phone), "%s", phone)
		require.Equal(t, want.valid, m.IsValid(phone), "%s", phone)
	}
}

func names(t *testing.T, m *phonemeta.Metadata, phone batchcalls.Phone) []string {
	t.Helper()
	zones, err := m.Zones(phone)
	require.NoError(t, err)
	var found []string
	for _, z := range zones {
		found = append(found, z.String())
	}
	slices.Sort(found)
	return found
}

func TestEveryRegionHasZonesThatTheSystemKnows(t *testing.T) {
	t.Parallel()
	m := phonemeta.New()
	regions := 0
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE} {
			example := phonenumbers.GetExampleNumberForType(region, kind)
			if example.GetCountryCode() == 0 {
				continue
			}
			require.NotEmpty(t, names(t, m, batchcalls.Phone(phonenumbers.Format(example, phonenumbers.E164))), "%s", region)
		}
		regions++
	}
	require.Greater(t, regions, 200)
}

func TestAFileOfAllSpellingsHasOnePerson(t *testing.T) {
	t.Parallel()
	file := "Nombre;Celular\nAna;044 55 1234 5678\nANA;+52 1 55 1234 5678\nana;5512345678\nEva;55 1234\n"
	p, err := batchcalls.PreviewCSV(strings.NewReader(file), batchcalls.Import{Region: "MX", Normalize: phonemeta.New().Normalize})
	require.NoError(t, err)
	require.Equal(t, []batchcalls.Row{{Line: 2, Phone: "+525512345678", Variables: map[string]any{"Nombre": "Ana"}}}, p.Rows)
	require.Equal(t, 2, p.Report.Repeated)
	require.Equal(t, 5, p.Report.Problems[0].Line)
}

func TestAnAmericanTollFreeNumberIsCalledWhileItIsDayFromGuamToNewfoundland(t *testing.T) {
	t.Parallel()
	zones, err := phonemeta.New().Zones("+18003569377")
	require.NoError(t, err)
	opens, ok := batchcalls.DefaultWindow().Next(time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC), zones, 2*time.Minute)
	require.True(t, ok)
	require.Equal(t, time.Date(2026, 7, 1, 22, 0, 0, 0, time.UTC), opens, "8:00 in Guam")
	closes, _ := batchcalls.DefaultWindow().ClosesAt(opens, zones)
	require.Equal(t, time.Date(2026, 7, 1, 23, 30, 0, 0, time.UTC), closes, "21:00 in Saint John's")
}
