package fake_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	typedcorev1 "k8s.io/client-go/kubernetes/typed/core/v1"
)

// stringData is for writing only: however it comes, it goes over data and is not kept.
func TestStringDataBecomesData(t *testing.T) {
	before := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Name: "s"}, Data: map[string][]byte{"a": []byte("1"), "b": []byte("2")}}
	for _, tc := range []struct {
		name  string
		write func(context.Context, typedcorev1.SecretInterface) error
		want  map[string][]byte
	}{
		{"update", func(ctx context.Context, c typedcorev1.SecretInterface) error {
			s := before.DeepCopy()
			s.StringData = map[string]string{"b": "3"}
			_, err := c.Update(ctx, s, metav1.UpdateOptions{})
			return err
		}, map[string][]byte{"a": []byte("1"), "b": []byte("3")}},
		{"merge patch", func(ctx context.Context, c typedcorev1.SecretInterface) error {
			_, err := c.Patch(ctx, "s", types.MergePatchType, []byte(`{"data":{"a":null},"stringData":{"c":"4"}}`), metav1.PatchOptions{})
			return err
		}, map[string][]byte{"b": []byte("2"), "c": []byte("4")}},
		{"apply", func(ctx context.Context, c typedcorev1.SecretInterface) error {
			_, err := c.Apply(ctx, applycorev1.Secret("s", "default").WithStringData(map[string]string{"a": "5"}), metav1.ApplyOptions{FieldManager: "ann"})
			return err
		}, map[string][]byte{"a": []byte("5"), "b": []byte("2")}},
		{"create", func(ctx context.Context, c typedcorev1.SecretInterface) error {
			if err := c.Delete(ctx, "s", metav1.DeleteOptions{}); err != nil {
				return err
			}
			s := before.DeepCopy()
			s.StringData = map[string]string{"b": ""}
			_, err := c.Create(ctx, s, metav1.CreateOptions{})
			return err
		}, map[string][]byte{"a": []byte("1"), "b": {}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			secrets := apiOnly(t).CoreV1().Secrets("default")
			if _, err := secrets.Create(t.Context(), before, metav1.CreateOptions{}); err != nil {
				t.Fatal(err)
			}
			if err := tc.write(t.Context(), secrets); err != nil {
				t.Fatal(err)
			}
			got, err := secrets.Get(t.Context(), "s", metav1.GetOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.Data); diff != "" {
				t.Errorf("data (-want +got):\n%s", diff)
			}
			if got.StringData != nil {
				t.Errorf("stringData is kept: %v", got.StringData)
			}
		})
	}
}
