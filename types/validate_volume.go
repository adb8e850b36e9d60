package types

import (
	"cmp"
	"path"
	"strings"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
)

// checkVolumes is ValidateVolumes. Volumes with problems do not count as volumes for those who mount them.
func (c *podCheck) checkVolumes(at *field.Path) {
	created, names := map[string]bool{}, map[string]bool{}
	for _, v := range c.spec.Volumes {
		if v.Ephemeral != nil && c.podName != "" {
			created[c.podName+"-"+v.Name] = true
		}
	}
	c.volumes = map[string]corev1.VolumeSource{}
	for i := range c.spec.Volumes {
		v, one := &c.spec.Volumes[i], at.Index(i)
		before := len(c.Errors)
		c.volumeSource(one, v)
		if c.Present(one.Child("name"), v.Name) {
			c.Messages(one.Child("name"), v.Name, validation.IsDNS1123Label(v.Name))
		}
		if names[v.Name] {
			c.Add(field.Duplicate(one.Child("name"), v.Name))
		}
		if len(c.Errors) == before {
			names[v.Name] = true
			c.volumes[v.Name] = v.VolumeSource
		}
		if claim := v.PersistentVolumeClaim; claim != nil && created[claim.ClaimName] {
			c.Invalid(one.Child("persistentVolumeClaim", "claimName"), claim.ClaimName, "must not reference a PVC that gets created for an ephemeral volume")
		}
	}
}

// volumeSource is validateVolumeSource: the first source that is set is checked, others are forbidden.
func (c *podCheck) volumeSource(at *field.Path, v *corev1.Volume) {
	found := false
	for _, s := range volumeSources() {
		switch {
		case !s.set(v):
		case found:
			c.Forbidden(at.Child(s.name), oneKind)
		default:
			found = true
			s.check(c, at.Child(cmp.Or(s.inner, s.name)), v)
			if s.volumeName != nil {
				s.volumeName(c, at.Child("name"), v)
			}
		}
	}
	if !found {
		c.Required(at, "must specify a volume type")
	}
}

// volumeSource is one row of volumeSources.
type volumeSource struct {
	name       string
	inner      string // how the server spells the name in errors about the content, if otherwise
	set        func(*corev1.Volume) bool
	check      func(*podCheck, *field.Path, *corev1.Volume)
	volumeName func(*podCheck, *field.Path, *corev1.Volume) // a rule about the volume's name that this source brings
}

// source makes a row for a source that is checked by itself.
func source[S any](name, inner string, get func(*corev1.Volume) *S, check func(*podCheck, *field.Path, *S)) volumeSource {
	return volumeSource{
		name: name, inner: inner,
		set:   func(v *corev1.Volume) bool { return get(v) != nil },
		check: func(c *podCheck, at *field.Path, v *corev1.Volume) { check(c, at, get(v)) },
	}
}

// naming adds a rule about the volume's name to a row.
func (s volumeSource) naming(rule func(*podCheck, *field.Path, *corev1.Volume)) volumeSource {
	s.volumeName = rule
	return s
}

// needs makes a row for a source that only has fields which must be set.
func needs[S any](name, inner string, get func(*corev1.Volume) *S, fields func(*S) []needed) volumeSource {
	return source(name, inner, get, func(c *podCheck, at *field.Path, s *S) {
		for _, f := range fields(s) {
			names := strings.Split(f.name, ".")
			c.Present(at.Child(names[0], names[1:]...), f.value)
		}
	})
}

// needed is a field that must not be empty, with its path.
type needed struct{ name, value string }

// some turns a list into a value that is empty when the list is.
func some(list []string) string { return strings.Join(list, ",") }

// volumeSources are the kinds of volumes, in the order in which the server looks for them. They are made at first use: a variable
// would link the rules into programs that validate nothing.
func volumeSources() []volumeSource {
	volumeRows.once.Do(func() { volumeRows.list = newVolumeSources() })
	return volumeRows.list
}

var volumeRows struct {
	once sync.Once
	list []volumeSource
}

func newVolumeSources() []volumeSource {
	return []volumeSource{
		source("emptyDir", "", func(v *corev1.Volume) *corev1.EmptyDirVolumeSource { return v.EmptyDir }, (*podCheck).emptyDir),
		source("hostPath", "", func(v *corev1.Volume) *corev1.HostPathVolumeSource { return v.HostPath }, (*podCheck).hostPath),
		source("gitRepo", "", func(v *corev1.Volume) *corev1.GitRepoVolumeSource { return v.GitRepo }, func(c *podCheck, at *field.Path, s *corev1.GitRepoVolumeSource) {
			c.Present(at.Child("repository"), s.Repository)
			c.descendingPath(at.Child("directory"), s.Directory)
		}),
		source("gcePersistentDisk", "persistentDisk", func(v *corev1.Volume) *corev1.GCEPersistentDiskVolumeSource { return v.GCEPersistentDisk },
			func(c *podCheck, at *field.Path, s *corev1.GCEPersistentDiskVolumeSource) {
				c.Present(at.Child("pdName"), s.PDName)
				c.partition(at, s.Partition)
			}),
		source("awsElasticBlockStore", "", func(v *corev1.Volume) *corev1.AWSElasticBlockStoreVolumeSource { return v.AWSElasticBlockStore },
			func(c *podCheck, at *field.Path, s *corev1.AWSElasticBlockStoreVolumeSource) {
				c.Present(at.Child("volumeID"), s.VolumeID)
				c.partition(at, s.Partition)
			}),
		source("secret", "", func(v *corev1.Volume) *corev1.SecretVolumeSource { return v.Secret }, func(c *podCheck, at *field.Path, s *corev1.SecretVolumeSource) {
			c.Present(at.Child("secretName"), s.SecretName)
			c.files(at, s.DefaultMode, s.Items)
		}),
		source("nfs", "", func(v *corev1.Volume) *corev1.NFSVolumeSource { return v.NFS }, func(c *podCheck, at *field.Path, s *corev1.NFSVolumeSource) {
			c.Present(at.Child("server"), s.Server)
			c.Present(at.Child("path"), s.Path)
			if !path.IsAbs(s.Path) {
				c.Invalid(at.Child("path"), s.Path, "must be an absolute path")
			}
		}),
		source("iscsi", "", func(v *corev1.Volume) *corev1.ISCSIVolumeSource { return v.ISCSI }, (*podCheck).iscsi).naming((*podCheck).iscsiVolumeName),
		needs("glusterfs", "", func(v *corev1.Volume) *corev1.GlusterfsVolumeSource { return v.Glusterfs }, func(s *corev1.GlusterfsVolumeSource) []needed {
			return []needed{{"endpoints", s.EndpointsName}, {"path", s.Path}}
		}),
		source("flocker", "", func(v *corev1.Volume) *corev1.FlockerVolumeSource { return v.Flocker }, (*podCheck).flocker),
		needs("persistentVolumeClaim", "", func(v *corev1.Volume) *corev1.PersistentVolumeClaimVolumeSource { return v.PersistentVolumeClaim },
			func(s *corev1.PersistentVolumeClaimVolumeSource) []needed {
				return []needed{{"claimName", s.ClaimName}}
			}),
		needs("rbd", "", func(v *corev1.Volume) *corev1.RBDVolumeSource { return v.RBD }, func(s *corev1.RBDVolumeSource) []needed {
			return []needed{{"monitors", some(s.CephMonitors)}, {"image", s.RBDImage}}
		}),
		needs("cinder", "", func(v *corev1.Volume) *corev1.CinderVolumeSource { return v.Cinder }, func(s *corev1.CinderVolumeSource) []needed {
			return append([]needed{{"volumeID", s.VolumeID}}, secretName(s.SecretRef)...)
		}),
		needs("cephFS", "cephfs", func(v *corev1.Volume) *corev1.CephFSVolumeSource { return v.CephFS }, func(s *corev1.CephFSVolumeSource) []needed {
			return []needed{{"monitors", some(s.Monitors)}}
		}),
		source("quobyte", "", func(v *corev1.Volume) *corev1.QuobyteVolumeSource { return v.Quobyte }, (*podCheck).quobyte),
		source("downwarAPI", "downwardAPI", func(v *corev1.Volume) *corev1.DownwardAPIVolumeSource { return v.DownwardAPI },
			func(c *podCheck, at *field.Path, s *corev1.DownwardAPIVolumeSource) {
				c.fileMode(at.Child("defaultMode"), s.DefaultMode)
				for i := range s.Items {
					c.downwardFile(at, &s.Items[i])
				}
			}),
		source("fc", "", func(v *corev1.Volume) *corev1.FCVolumeSource { return v.FC }, (*podCheck).fibreChannel),
		source("flexVolume", "", func(v *corev1.Volume) *corev1.FlexVolumeSource { return v.FlexVolume }, (*podCheck).flexVolume),
		source("configMap", "", func(v *corev1.Volume) *corev1.ConfigMapVolumeSource { return v.ConfigMap }, func(c *podCheck, at *field.Path, s *corev1.ConfigMapVolumeSource) {
			c.Present(at.Child("name"), s.Name)
			c.files(at, s.DefaultMode, s.Items)
		}),
		needs("azureFile", "", func(v *corev1.Volume) *corev1.AzureFileVolumeSource { return v.AzureFile }, func(s *corev1.AzureFileVolumeSource) []needed {
			return []needed{{"secretName", s.SecretName}, {"shareName", s.ShareName}}
		}),
		needs("vsphereVolume", "", func(v *corev1.Volume) *corev1.VsphereVirtualDiskVolumeSource { return v.VsphereVolume },
			func(s *corev1.VsphereVirtualDiskVolumeSource) []needed { return []needed{{"volumePath", s.VolumePath}} }),
		needs("photonPersistentDisk", "", func(v *corev1.Volume) *corev1.PhotonPersistentDiskVolumeSource { return v.PhotonPersistentDisk },
			func(s *corev1.PhotonPersistentDiskVolumeSource) []needed { return []needed{{"pdID", s.PdID}} }),
		needs("portworxVolume", "", func(v *corev1.Volume) *corev1.PortworxVolumeSource { return v.PortworxVolume },
			func(s *corev1.PortworxVolumeSource) []needed { return []needed{{"volumeID", s.VolumeID}} }),
		source("azureDisk", "", func(v *corev1.Volume) *corev1.AzureDiskVolumeSource { return v.AzureDisk }, (*podCheck).azureDisk),
		source("storageos", "", func(v *corev1.Volume) *corev1.StorageOSVolumeSource { return v.StorageOS }, (*podCheck).storageOS),
		source("projected", "", func(v *corev1.Volume) *corev1.ProjectedVolumeSource { return v.Projected }, (*podCheck).projected),
		needs("scaleIO", "", func(v *corev1.Volume) *corev1.ScaleIOVolumeSource { return v.ScaleIO }, func(s *corev1.ScaleIOVolumeSource) []needed {
			return []needed{{"gateway", s.Gateway}, {"system", s.System}, {"volumeName", s.VolumeName}}
		}),
		source("csi", "", func(v *corev1.Volume) *corev1.CSIVolumeSource { return v.CSI }, (*podCheck).csi),
		source("ephemeral", "", func(v *corev1.Volume) *corev1.EphemeralVolumeSource { return v.Ephemeral }, (*podCheck).ephemeral).naming((*podCheck).claimName),
		source("image", "", func(v *corev1.Volume) *corev1.ImageVolumeSource { return v.Image }, func(c *podCheck, at *field.Path, s *corev1.ImageVolumeSource) {
			// A template may leave the reference to whoever makes the pod.
			if c.isPod {
				c.Present(at.Child("reference"), s.Reference)
			}
			c.pullPolicy(at.Child("pullPolicy"), s.PullPolicy)
		}),
	}
}
