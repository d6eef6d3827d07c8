package identity_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tertulia-dev/tertulia/domain/fault"
	"github.com/tertulia-dev/tertulia/domain/identity"
	"github.com/tertulia-dev/tertulia/domain/kernel"
)

func TestAnEmailIsComparedTrimmedAndInLowerCase(t *testing.T) {
	t.Parallel()
	email, ok := identity.ParseEmail("  Ana.Pérez@Example.COM ")
	require.True(t, ok)
	require.Equal(t, identity.Email("ana.pérez@example.com"), email)
	require.Equal(t, "ana.pérez", email.User())
}

func TestWhatIsNoBareAddressIsRefused(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{
		"", "ana", "@example.com", "ana@", "Ana <ana@example.com>", "<ana@example.com>", "a@example.com, b@example.com",
		`"a b"@example.com`, "ana@example.com\nBcc: x@y.z", "ana@" + strings.Repeat("a", 250) + ".com",
	} {
		_, ok := identity.ParseEmail(raw)
		require.False(t, ok, raw)
	}
}

func TestTheDomainOfAnEmailIsComparedWhole(t *testing.T) {
	t.Parallel()
	allowed := []string{"clickbalance.com", " Example.org"}
	for email, want := range map[identity.Email]bool{
		"ana@clickbalance.com": true, "ana@example.org": true, "ana@evilclickbalance.com": false,
		"ana@sub.clickbalance.com": false, "ana@clickbalance.com.evil.com": false, "clickbalance.com": false,
	} {
		require.Equal(t, want, email.In(allowed), email)
	}
	require.False(t, identity.Email("ana@x.com").In(nil))
	require.False(t, identity.Email("ana").In([]string{""}))
}

func TestANameIsTrimmedAndBounded(t *testing.T) {
	t.Parallel()
	name, err := identity.ParseName("name", "  Emmanuel Hernández ")
	require.NoError(t, err)
	require.Equal(t, "Emmanuel Hernández", name)
	name, err = identity.ParseName("name", " \x00Ana\xff \x00")
	require.NoError(t, err)
	require.Equal(t, "Ana", name, "what no database keeps is dropped")
	_, err = identity.ParseName("name", strings.Repeat("ñ", identity.MaxName))
	require.NoError(t, err)
	for _, raw := range []string{"", "   ", strings.Repeat("ñ", identity.MaxName+1)} {
		_, err := identity.ParseName("name", raw)
		require.Equal(t, fault.Validation, fault.CodeOf(err))
	}
}

func TestAKeyKeepsNothingOfItsSecretButAHashAndABeginning(t *testing.T) {
	t.Parallel()
	key, secret := identity.NewKey("k", "w", "n8n", kernel.Rep, time.Now())
	other, otherSecret := identity.NewKey("k", "w", "n8n", kernel.Rep, time.Now())

	require.True(t, key.Hash.Equal(identity.HashOf(secret)))
	require.False(t, key.Hash.Equal(other.Hash))
	require.NotEqual(t, secret, otherSecret)
	require.True(t, strings.HasPrefix(secret, key.Prefix))
	require.GreaterOrEqual(t, len(secret)-len(key.Prefix), 22) // 110 bits stay unknown
}

func TestAWorkspaceSaysEverythingThatIsWrongWithIt(t *testing.T) {
	t.Parallel()
	good := identity.Workspace{Name: "Acme", Slug: "acme-mx", Timezone: "America/Mexico_City", Language: "es"}
	require.NoError(t, good.Validate())

	var bad *fault.Error
	require.ErrorAs(t, identity.Workspace{Slug: "Acme!", Timezone: "Mexico", Language: "fr"}.Validate(), &bad)
	var fields []string
	for _, f := range bad.Fields {
		fields = append(fields, f.Name)
	}
	require.Equal(t, []string{"name", "slug", "timezone", "language"}, fields)
}
