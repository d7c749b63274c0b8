"""Several models side by side: their pictures, small latent maps, tables and charts, which the pages Compare and Experiments share."""
