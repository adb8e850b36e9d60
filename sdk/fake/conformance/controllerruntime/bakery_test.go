package controllerruntime

import (
	"context"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"
)

// Bakery is a kind that a user has defined, in the way of kubebuilder: a type, and a CRD made of it.
type Bakery struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              BakerySpec   `json:"spec"`
	Status            BakeryStatus `json:"status,omitempty"`
}

type BakerySpec struct {
	Ovens *int32 `json:"ovens,omitempty"`
	Bread string `json:"bread"`
}

type BakeryStatus struct {
	Ovens      int32              `json:"ovens,omitempty"`
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

type BakeryList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Bakery `json:"items"`
}

// DeepCopyObject is what controller-gen would write.
func (b *Bakery) DeepCopyObject() runtime.Object { return b.DeepCopy() }

func (b *Bakery) DeepCopy() *Bakery {
	out := *b
	b.ObjectMeta.DeepCopyInto(&out.ObjectMeta)
	if b.Spec.Ovens != nil {
		out.Spec.Ovens = new(*b.Spec.Ovens)
	}
	out.Status.Conditions = nil
	for i := range b.Status.Conditions {
		out.Status.Conditions = append(out.Status.Conditions, *b.Status.Conditions[i].DeepCopy())
	}
	return &out
}

func (l *BakeryList) DeepCopyObject() runtime.Object {
	out := *l
	l.ListMeta.DeepCopyInto(&out.ListMeta)
	out.Items = nil
	for i := range l.Items {
		out.Items = append(out.Items, *l.Items[i].DeepCopy())
	}
	return &out
}

var bakeries = schema.GroupVersion{Group: "example.com", Version: "v1"}

// bakeryScheme knows Kubernetes' kinds and bakeries.
func bakeryScheme() *runtime.Scheme {
	s := runtime.NewScheme()
	_ = clientgoscheme.AddToScheme(s) // fails for a scheme that is not empty
	s.AddKnownTypes(bakeries, &Bakery{}, &BakeryList{})
	metav1.AddToGroupVersion(s, bakeries)
	return s
}

// bakers reconciles bakeries: each owns a deployment of its ovens, and is open when there is one.
type bakers struct{ client.Client }

func (b *bakers) addTo(m ctrl.Manager) error {
	b.Client = m.GetClient()
	return ctrl.NewControllerManagedBy(m).For(&Bakery{}).Owns(&appsv1.Deployment{}).Complete(b)
}

func (b *bakers) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	bakery := &Bakery{}
	if err := b.Get(ctx, req.NamespacedName, bakery); err != nil {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	d := deployment(bakery.Name, 0)
	if _, err := controllerutil.CreateOrUpdate(ctx, b.Client, d, func() error {
		d.Spec.Replicas = bakery.Spec.Ovens
		return controllerutil.SetControllerReference(bakery, d, b.Scheme())
	}); err != nil {
		return ctrl.Result{}, err
	}
	before := bakery.DeepCopy()
	bakery.Status.Ovens = *d.Spec.Replicas
	meta.SetStatusCondition(&bakery.Status.Conditions, metav1.Condition{
		Type: "Open", Status: metav1.ConditionTrue, Reason: "Baking", ObservedGeneration: bakery.Generation,
	})
	return ctrl.Result{}, b.Status().Patch(ctx, bakery, client.MergeFrom(before))
}
