package dev.mast3r.model;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** A map that the heads make of a pair: which image, and what each of its pixels gets. */
public enum NetworkMap {
  /** 3D points in camera A's frame. */
  POINTS_A,
  POINTS_B,
  /** Of the points. */
  POINT_CONFIDENCE_A,
  POINT_CONFIDENCE_B,
  DESCRIPTORS_A,
  DESCRIPTORS_B,
  /** Of the descriptors. */
  DESCRIPTOR_CONFIDENCE_A,
  DESCRIPTOR_CONFIDENCE_B;

  /** Returns all maps. */
  public static Set<NetworkMap> all() {
    return EnumSet.allOf(NetworkMap.class);
  }

  /** Returns its name in the module's answer. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
