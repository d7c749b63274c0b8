"""Figures that compare codes with true factors: mutual information, MIG, SAP, modularity, DCI, FactorVAE's score."""
